import { parseArgs } from "node:util";
import { Emulator } from "./emulator";
import type { EmulatorOptions } from "./emulatorOptions";
import { startEmulator } from "./emulatorServer";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "./keyring";
import type { RateLimitOptions } from "./rateLimiter";
import { seedFindings } from "./seed";

const USAGE = `Datadog's findings API on this machine, to try rules without Datadog.

npm run emulator -- [options]
  --port N          default 0: any free port
  --findings N      how many findings there are; default 1000
  --seed N          another seed, other findings; default 1
  --lag MS          how long the search lags behind changes; default 0
  --limit N/SECONDS rate limit of each endpoint, such as 100/10; default none
  --help
`;

interface CommandLine {
  readonly port: number;
  readonly findings: number;
  readonly seed: number;
  readonly lag: number;
  readonly limit: RateLimitOptions | undefined;
}

/** undefined: the usage was asked for. */
function commandLine(): CommandLine | undefined {
  const { values } = parseArgs({
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

function emulatorOf({ findings, seed, lag, limit }: CommandLine): Emulator {
  const options: EmulatorOptions = { findings: seedFindings({ count: findings, seed }), searchLagMs: lag };
  const rateLimits = limit && { assignee: limit, search: limit, users: limit };
  return new Emulator({ ...options, ...(rateLimits ? { rateLimits } : {}) });
}

function welcome(url: string, emulator: Emulator): string {
  const users = emulator.users.slice(0, 5).map(({ id, email }) => `  ${id}  ${email}`);
  const [first] = emulator.owners().keys();
  return [
    `Datadog's findings API, emulated: ${url}`,
    `${emulator.owners().size} findings, the newest is ${first ?? "none"}`,
    `${emulator.users.length} users, among them`,
    ...users,
    "",
    "For programs in another terminal:",
    `export DD_HOST=${url} DD_API_KEY=${EMULATOR_API_KEY} DD_APP_KEY=${EMULATOR_APP_KEY}`,
    "",
    "Ctrl-C stops it.",
    "",
  ].join("\n");
}

async function main(): Promise<void> {
  const options = commandLine();
  if (options === undefined) {
    process.stdout.write(USAGE);
    return;
  }
  const emulator = emulatorOf(options);
  const server = await startEmulator({ emulator, port: options.port });
  process.stdout.write(welcome(server.url, emulator));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server.close());
  emulator.onRequest = ({ phase, request }) => {
    if (phase === "after") process.stdout.write(`${request.method} ${request.path} ${request.outcome}\n`);
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 1;
});
