import type { Terminal } from "./terminal";

/** `--limit N`. */
export interface CommandOption {
  readonly name: string;
  /** What follows it, as the usage names it; undefined: nothing. */
  readonly value?: string;
  readonly summary: string;
}

/** What a command was called with. */
export interface CommandArguments {
  readonly operands: readonly string[];
  /** By name; `true` for one without a value. */
  readonly options: Readonly<Record<string, string | true | undefined>>;
}

/** A subcommand: all that is to know of it, in one place. */
export interface Command {
  /** One word, or two: `import csv`. */
  readonly name: string;
  /** What follows the name: `FILE FINDING_ID`. */
  readonly operands: string;
  /** In one line, for the list of all. */
  readonly summary: string;
  /** Paragraphs for its own help. */
  readonly details: readonly string[];
  readonly options: readonly CommandOption[];
  /** Whether an operand may begin with `-`, as ids of findings do. */
  readonly dashedOperands?: boolean;
  /**
   * @returns the exit code: 0 all is well, 1 something is wrong with a file or the answer
   * @throws UsageError
   */
  run(args: CommandArguments, terminal: Terminal): Promise<number>;
}

/** Arguments that make no command. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  /** @param command the name of the command that it is about; undefined where that is not known */
  constructor(
    message: string,
    readonly command?: string,
  ) {
    super(message);
  }
}

/** The value of an option that has one. */
export function optionValue({ options }: CommandArguments, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** Of the commands that ask Datadog. */
export const STACK_OPTION: CommandOption = {
  name: "stack",
  value: "NAME",
  summary: "reads the configuration of this stack as well, with the pulumi CLI on PATH",
};
