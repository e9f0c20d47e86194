import { parseArgs } from "node:util";

export const USAGE = `Usage:
  pulumi-datadog-findings validate FILE...            check ownership files: no keys, no network
  pulumi-datadog-findings explain FILE FINDING_ID     which rule owns a finding, and why
  pulumi-datadog-findings report FILE [--limit N]     a Markdown table of what the rules cover
  pulumi-datadog-findings --help | --version

explain and report ask Datadog: DD_API_KEY, DD_APP_KEY, DD_SITE or DD_HOST.
explain takes an id that begins with - behind --: explain FILE -- -ID
report reads the findings in scope, 100 to a request: 1,000 requests for 100,000 findings. With --limit N it counts N findings
at most of each rule, and of what no rule claims (default 10,000), with N / 100 + 1 requests each, says where there are more, and
gives no percentage then.

The exit code is 0 if all is well, 1 if something is wrong with a file or the answer, 2 for wrong usage.`;

export type Command =
  | { readonly name: "help" | "version" }
  | { readonly name: "validate"; readonly files: readonly string[] }
  | { readonly name: "explain"; readonly file: string; readonly findingId: string }
  | { readonly name: "report"; readonly file: string; readonly limit: number };

/** Arguments that make no command. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** @throws UsageError */
export function parseCommandLine(args: readonly string[]): Command {
  const { positionals, values } = parsed(args);
  if (values.help) return { name: "help" };
  if (values.version) return { name: "version" };
  const [command, ...operands] = positionals;
  if (values.limit !== undefined && command !== "report") throw new UsageError("--limit goes with report");
  const [file, second, ...rest] = operands;
  switch (command) {
    case "validate":
      if (file === undefined) throw new UsageError("validate needs an ownership file");
      return { name: "validate", files: operands };
    case "explain":
      if (file === undefined || second === undefined || rest.length > 0)
        throw new UsageError("explain needs an ownership file and the id of a finding");
      return { name: "explain", file, findingId: second };
    case "report":
      if (file === undefined || second !== undefined) throw new UsageError("report needs an ownership file");
      return { name: "report", file, limit: limitOf(values.limit ?? "10000") };
    default:
      throw new UsageError(command === undefined ? "a command is needed" : `there is no command ${command}`);
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        limit: { type: "string" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new UsageError(`--limit is ${text}: a whole number of findings is needed, 1 or more`);
}
