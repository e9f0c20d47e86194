import type { Command, CommandOption } from "./command";

export const PROGRAM = "pulumi-datadog-findings";

/** What all commands are for. */
export function usageOfAll(commands: readonly Command[]): string {
  return [
    `Usage: ${PROGRAM} COMMAND`,
    "",
    ...table(commands.map(({ name, operands, summary }) => [`${name} ${operands}`, summary])),
    "",
    `${PROGRAM} COMMAND --help says more about a command, ${PROGRAM} --version the version.`,
    "",
    "Commands that ask Datadog read DD_API_KEY, DD_APP_KEY, and DD_SITE or DD_HOST; with --stack NAME the stack's configuration,",
    "too. The exit code is 0 if all is well, 1 if something is wrong with a file or the answer, 2 for wrong usage.",
  ].join("\n");
}

export function usageOf({ name, operands, summary, details, options }: Command): string {
  const bracketed = options.map((option) => `[${optionText(option)}]`);
  return [
    ...wrapped(["Usage:", PROGRAM, name, operands, ...bracketed].filter((part) => part !== "")),
    "",
    `${summary}.`,
    ...details.flatMap((paragraph) => ["", paragraph]),
    ...(options.length > 0
      ? ["", ...table(options.map((option) => [optionText(option), option.summary]))]
      : []),
  ].join("\n");
}

/** The most characters in a line of help. */
const WIDTH = 130;

/** Parts in as few lines as they fit in; all but the first are indented. */
function wrapped(parts: readonly string[]): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of parts) {
    const longer = line === "" ? part : `${line} ${part}`;
    if (longer.length > WIDTH) lines.push(line);
    line = longer.length > WIDTH ? `  ${part}` : longer;
  }
  return [...lines, line];
}

/** Where help is, in one line behind what is wrong. */
export function usageHint(command: string | undefined): string {
  return `npx ${[PROGRAM, ...(command === undefined ? [] : [command])].join(" ")} --help says how it is used`;
}

function optionText({ name, value }: CommandOption): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function table(rows: readonly (readonly [left: string, right: string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
