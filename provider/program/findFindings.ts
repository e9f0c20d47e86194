import { z } from "zod";
import type { Finding, FindingsApi } from "../datadog/model/findingsApi";
import { searchAll } from "../datadog/searchAll";

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
 * The work of `getFindings`.
 * @param connect called once the arguments are known to be right
 * @throws Error where an argument is wrong, or the query matches more than the limit
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
