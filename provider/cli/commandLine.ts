import { parseArgs } from "node:util";
import { messageOf } from "../core/messageOf";
import { nearest } from "../core/nearest";
import { type Command, type CommandArguments, UsageError } from "./command";

export type CommandLine =
  | { readonly kind: "version" }
  /** Of one command, or of all. */
  | { readonly kind: "help"; readonly command: Command | undefined }
  | { readonly kind: "run"; readonly command: Command; readonly args: CommandArguments };

/** @throws UsageError */
export function parseCommandLine(args: readonly string[], commands: readonly Command[]): CommandLine {
  const name = nameIn(args, commands);
  if (name === undefined) return withoutCommand(args);
  const command = commands.find((each) => each.name === name.text);
  if (!command) throw new UsageError(unknownCommand(name.text, commands));
  const rest = [...args.slice(0, name.from), ...args.slice(name.to)];
  const { positionals, values } = parsed(command, rest);
  if (values.help === true) return { kind: "help", command };
  return { kind: "run", command, args: { operands: positionals, options: values } };
}

interface FoundName {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** The first argument that is no option; with the one behind it where commands have names of two words. */
function nameIn(args: readonly string[], commands: readonly Command[]): FoundName | undefined {
  const from = args.findIndex((arg) => !arg.startsWith("-"));
  const first = args[from];
  if (first === undefined) return undefined;
  const isGroup = commands.some(({ name }) => name.startsWith(`${first} `));
  const second = isGroup ? args[from + 1] : undefined;
  if (second === undefined || second.startsWith("-")) return { text: first, from, to: from + 1 };
  return { text: `${first} ${second}`, from, to: from + 2 };
}

function withoutCommand(args: readonly string[]): CommandLine {
  const [option] = args;
  if (option === "--help" || option === "-h") return { kind: "help", command: undefined };
  if (option === "--version") return { kind: "version" };
  throw new UsageError(option === undefined ? "a command is needed" : `there is no option ${option}`);
}

function unknownCommand(name: string, commands: readonly Command[]): string {
  const inGroup = commands.filter((each) => each.name.startsWith(`${name.split(" ")[0]} `));
  const known = (inGroup.length > 0 ? inGroup : commands).map((each) => each.name).join(", ");
  return `there is no command ${name}: the commands are ${known}`;
}

function parsed({ name, options, dashedOperands = false }: Command, args: readonly string[]) {
  const known: Record<string, { type: "string" | "boolean"; short?: string }> = {
    help: { type: "boolean", short: "h" },
  };
  for (const option of options)
    known[option.name] = { type: option.value === undefined ? "boolean" : "string" };
  try {
    const { positionals, values } = parseArgs({
      args: dashedOperands ? dashedLast(args) : [...args],
      allowPositionals: true,
      options: known,
    });
    return { positionals, values: Object.fromEntries(Object.entries(values).map(checkedValue)) };
  } catch (error) {
    const unknown = unknownOption(args, Object.keys(known));
    const said = messageOf(error);
    throw new UsageError(unknown === undefined ? said : `${name} has no option ${unknown}`, name);
  }
}

/** With what is probably meant. */
function unknownOption(args: readonly string[], known: readonly string[]): string | undefined {
  const options = args.slice(0, args.includes("--") ? args.indexOf("--") : args.length);
  const written = options.find((arg) => {
    const [option = ""] = arg.split("=");
    return option.startsWith("-") && option !== "-h" && !known.some((each) => option === `--${each}`);
  });
  if (written === undefined) return undefined;
  const [option = ""] = written.split("=");
  const near = nearest(option.replace(/^-+/, ""), known);
  return near === undefined ? option : `${option}: did you mean --${near}?`;
}

function checkedValue([name, value]: [string, unknown]): [string, string | true | undefined] {
  return [name, typeof value === "string" || value === true ? value : undefined];
}

/** Puts operands that begin with one `-` behind `--`, so that they are not taken for options. */
function dashedLast(args: readonly string[]): string[] {
  if (args.includes("--")) return [...args];
  const isOperand = (arg: string) => /^-[^-]/.test(arg) && arg !== "-h";
  return [...args.filter((arg) => !isOperand(arg)), "--", ...args.filter(isOperand)];
}
