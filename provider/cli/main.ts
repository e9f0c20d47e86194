#!/usr/bin/env node
import { parseArgs } from "node:util";
import { createDatadogClient } from "../datadog/client";
import type { FindingsApi } from "../datadog/findingsApi";
import { readSettings } from "../datadog/settings";
import { systemClock } from "../datadog/systemClock";
import { explain } from "./explain";
import { report } from "./report";
import { validate } from "./validate";

const usage = `Usage:
  pulumi-datadog-findings validate FILE              check an ownership file: no keys, no network
  pulumi-datadog-findings explain FILE FINDING_ID    which rule owns a finding, and why
  pulumi-datadog-findings report FILE [--limit N]    a Markdown table of what the rules cover (default: at most 10,000 findings a rule)

explain and report ask Datadog: DD_API_KEY, DD_APP_KEY, DD_SITE or DD_HOST.`;

/** What a command may use of the outside. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** Runs a command. @returns the exit code: 0 all is well, 1 something is wrong with the file or the answer, 2 wrong usage */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parse(args);
  if (!parsed) {
    terminal.complain(usage);
    return 2;
  }
  const [command, file, ...rest] = parsed.positionals;
  try {
    if (command === "validate" && file && rest.length === 0) return validate(file, terminal);
    if (command === "explain" && file && rest.length === 1) {
      terminal.print(await explain(connect(terminal.env), file, rest[0] ?? ""));
      return 0;
    }
    if (command === "report" && file && rest.length === 0) {
      terminal.print(await report(connect(terminal.env), file, parsed.limit));
      return 0;
    }
  } catch (error) {
    terminal.complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
  terminal.complain(usage);
  return 2;
}

function parse(args: readonly string[]): { positionals: string[]; limit: number } | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { limit: { type: "string", default: "10000" } },
    });
    const limit = Number(values.limit);
    return Number.isSafeInteger(limit) && limit > 0 ? { positionals, limit } : undefined;
  } catch {
    return undefined;
  }
}

function connect(env: NodeJS.ProcessEnv): FindingsApi {
  const settings = readSettings({ get: () => undefined }, env);
  return createDatadogClient({ settings, clock: systemClock, random: Math.random }).api;
}

if (require.main === module) {
  const terminal: Terminal = {
    env: process.env,
    print: (text) => console.log(text),
    complain: (text) => console.error(text),
  };
  void main(process.argv.slice(2), terminal).then((code) => {
    process.exitCode = code;
  });
}
