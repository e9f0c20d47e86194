#!/usr/bin/env node
import { dayOf } from "../core/day";
import { createDatadogClient } from "../datadog/client";
import type { FindingsApi } from "../datadog/findingsApi";
import { readSettings } from "../datadog/settings";
import { systemClock } from "../datadog/systemClock";
import { version } from "../datadog/version";
import { type Command, parseCommandLine, USAGE, UsageError } from "./commandLine";
import { explain } from "./explain";
import { report } from "./report";
import type { Terminal } from "./terminal";
import { validate } from "./validate";

/** Runs a command. @returns the exit code: 0 all is well, 1 something is wrong with the file or the answer, 2 wrong usage */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await run(parseCommandLine(args), terminal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isUsage = error instanceof UsageError;
    terminal.complain(isUsage ? `${message}\n\n${USAGE}` : message);
    return isUsage ? 2 : 1;
  }
}

async function run(command: Command, terminal: Terminal): Promise<number> {
  switch (command.name) {
    case "validate":
      return validate(command.files, terminal);
    case "explain":
      return explain(connect(terminal.env), command.file, command.findingId, terminal);
    case "report":
      terminal.print(await report(connect(terminal.env), command.file, command.limit, terminal.today));
      return 0;
    default:
      terminal.print(command.name === "help" ? USAGE : version);
      return 0;
  }
}

function connect(env: NodeJS.ProcessEnv): FindingsApi {
  const settings = readSettings({ get: () => undefined }, env);
  return createDatadogClient({ settings, clock: systemClock, random: Math.random }).api;
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
