import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Finding, FindingsApi } from "../datadog/findingsApi";
import { searchAll } from "../datadog/searchAll";
import { asRunError } from "./asRunError";
import { programApi } from "./programApi";

type Sort = "@detection_changed_at" | "-@detection_changed_at";

export interface GetFindingsArgs {
  /**
   * In Datadog's search syntax: `@severity:(critical OR high) @status:open team:platform`. Attributes of findings take an `@`,
   * tags do not; juxtaposition is AND. `*` matches everything.
   */
  readonly query: string;
  /**
   * The most findings that the query may match: a whole number, 0 or more; default 10,000. More is an error that says how many
   * were found. Datadog gives no total, so they are counted on, up to 1,000 beyond the limit (10 requests more); from there on
   * it says "more than".
   */
  readonly limit?: number | undefined;
  /** `-@detection_changed_at` (newest first) or `@detection_changed_at`; default as Datadog orders them. */
  readonly sort?: Sort | undefined;
}

/** How far beyond the limit findings are counted, for the error alone. */
const COUNTED_BEYOND = 1_000;

const SORTS = ["@detection_changed_at", "-@detection_changed_at"] as const;

const argsSchema = z.strictObject({
  query: z.string().regex(/\S/),
  limit: z.int().min(0).optional(),
  sort: z.enum(SORTS).optional(),
});

const RIGHT: Readonly<Record<string, string>> = {
  query: "a query in Datadog's search syntax is needed, like team:platform; * matches everything",
  limit: "a whole number of findings is needed, 0 or more",
  sort: `${SORTS.join(" or ")} is needed`,
};

/**
 * All findings that match a query: one request per 100. For reports, policies, and as input of resources.
 * Needs the permission `security_monitoring_findings_read` or `appsec_vm_read`.
 *
 * @throws pulumi.RunError if the query matches more than `limit` findings, or an argument is wrong: never less than all
 * @see https://docs.datadoghq.com/api/latest/security-monitoring/
 */
export function getFindings(args: GetFindingsArgs): Promise<Finding[]> {
  return asRunError((async () => findFindings(programApi, args))());
}

/**
 * @param connect called once the arguments are known to be right
 * @internal
 */
export async function findFindings(
  connect: () => Pick<FindingsApi, "search">,
  args: unknown,
): Promise<Finding[]> {
  const { query, limit = 10_000, sort } = checked(args);
  const atMost = limit + COUNTED_BEYOND;
  const { findings, more } = await searchAll(connect(), { query, atMost, ...(sort && { sort }) });
  if (findings.length <= limit) return [...findings];
  const found = `${more ? "more than " : ""}${count(findings.length)}`;
  throw new Error(
    `getFindings: the query ${JSON.stringify(query)} matches ${found} findings, and the limit is ${count(limit)}: ` +
      "narrow the query, or raise `limit` if that is what you want",
  );
}

function checked(args: unknown): z.infer<typeof argsSchema> {
  const parsed = argsSchema.safeParse(args);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    if (issue.code === "unrecognized_keys") {
      return `unknown property ${issue.keys.join(", ")}: the properties are ${Object.keys(RIGHT).join(", ")}`;
    }
    const [property] = issue.path;
    if (typeof property !== "string") return `an object is needed, with ${Object.keys(RIGHT).join(", ")}`;
    return `${property} is ${shown(Reflect.get(Object(args), property))}: ${RIGHT[property]}`;
  });
  throw new Error(`getFindings: ${problems.join("; ")}`);
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}

function count(findings: number): string {
  return findings.toLocaleString("en-US");
}

/** `getFindings` for arguments that are outputs. */
export function getFindingsOutput(args: GetFindingsOutputArgs): pulumi.Output<Finding[]> {
  return pulumi.output(args).apply((known) => getFindings(known));
}

export interface GetFindingsOutputArgs {
  readonly query: pulumi.Input<string>;
  readonly limit?: pulumi.Input<number | undefined>;
  readonly sort?: pulumi.Input<Sort | undefined>;
}
