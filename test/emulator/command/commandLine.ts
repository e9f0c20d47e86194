import { parseArgs } from "node:util";
import type { RateLimitOptions } from "../rateLimiter";

/** @param command what the user types before the options */
export function usage(command: string): string {
  return `Datadog's findings API on this machine, to try rules without Datadog.

${command} [options]
  --port N          default 0: any free port
  --findings N      how many findings there are beside those of examples/quickstart; default 1000
  --seed N          seed of the generated findings; default 1
  --lag MS          how long the search lags behind changes; default 0
  --limit N/SECONDS rate limit of each endpoint, such as 100/10; default none
  --help
`;
}

export interface CommandLine {
  readonly port: number;
  readonly findings: number;
  readonly seed: number;
  readonly lag: number;
  readonly limit: RateLimitOptions | undefined;
}

/** @returns undefined where the usage was asked for. @throws Error which says what is wrong with an option */
export function parseCommandLine(args: readonly string[]): CommandLine | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "0" },
      findings: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      lag: { type: "string", default: "0" },
      limit: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    port: wholeNumber("port", values.port),
    findings: wholeNumber("findings", values.findings),
    seed: wholeNumber("seed", values.seed),
    lag: wholeNumber("lag", values.lag),
    limit: values.limit === undefined ? undefined : rateLimit(values.limit),
  };
}

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`--${name} ${text}: a whole number is needed`);
}

function rateLimit(text: string): RateLimitOptions {
  const [, limit, seconds] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? [];
  if (limit === undefined || seconds === undefined)
    throw new Error(`--limit ${text}: N/SECONDS is needed, such as 100/10`);
  return { limit: Number(limit), periodSeconds: Number(seconds) };
}
