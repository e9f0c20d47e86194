import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { z } from "zod";

const run = promisify(execFile);

/** Of one stack, what `pulumi COMMAND` prints in the folder of the project. */
export interface PulumiQuestion<T> {
  readonly stack: string;
  /** As `config`, or `stack export`. */
  readonly command: readonly string[];
  /** What is read, for messages: `configuration`. */
  readonly what: string;
  readonly answer: z.ZodType<T>;
}

/** Asks the CLI, with secrets in clear: they stay in this process. @throws Error that quotes no secret */
export async function askPulumi<T>(
  { stack, command, what, answer }: PulumiQuestion<T>,
  env: NodeJS.ProcessEnv,
): Promise<T> {
  try {
    const args = [...command, "--stack", stack, "--show-secrets", "--non-interactive"];
    const { stdout } = await run("pulumi", args, { env, maxBuffer: 1024 * 1024 * 1024 });
    return answer.parse(JSON.parse(stdout));
  } catch (error) {
    throw problem(stack, command, what, error);
  }
}

function problem(stack: string, command: readonly string[], what: string, error: unknown): Error {
  const code: unknown = Reflect.get(Object(error), "code");
  if (code === "ENOENT") {
    return new Error(`--stack reads the stack's ${what} with the pulumi CLI, and there is no pulumi on PATH`);
  }
  // Never what it printed to its standard output: that may have the keys.
  const stderr: unknown = Reflect.get(Object(error), "stderr");
  const said = typeof stderr === "string" ? stderr.trim().split("\n")[0] : undefined;
  const why = said ? `: ${said}` : `; does \`pulumi ${command.join(" ")}\` work in this folder?`;
  return new Error(`the ${what} of the stack ${stack} cannot be read${why}`);
}
