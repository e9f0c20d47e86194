#!/usr/bin/env node
import { dayOf } from "../core/day";
import { messageOf } from "../core/messageOf";
import { systemClock } from "../datadog/http/systemClock";
import { version } from "../datadog/http/version";
import { UsageError } from "./command";
import { parseCommandLine } from "./commandLine";
import { COMMANDS } from "./commands";
import type { Terminal } from "./terminal";
import { usageHint, usageOf, usageOfAll } from "./usage";

/**
 * Runs a command. @returns the exit code: 0 all is well, 1 something is wrong with the file or the answer, 2
 * wrong usage
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const line = parseCommandLine(args, COMMANDS);
    if (line.kind === "run") return await line.command.run(line.args, terminal);
    if (line.kind === "version") terminal.print(version);
    else terminal.print(line.command ? usageOf(line.command) : usageOfAll(COMMANDS));
    return 0;
  } catch (error) {
    const message = messageOf(error);
    const isUsage = error instanceof UsageError;
    terminal.complain(isUsage ? `${message}; ${usageHint(error.command)}` : message);
    return isUsage ? 2 : 1;
  }
}

if (require.main === module) {
  const terminal: Terminal = {
    today: dayOf(systemClock.now()),
    env: process.env,
    print: (text) => console.log(text),
    complain: (text) => console.error(text),
  };
  void main(process.argv.slice(2), terminal).then((code) => {
    process.exitCode = code;
  });
}
