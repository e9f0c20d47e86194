import { z } from "zod";

/*
 * A report as data: what `report --format json` writes, and `--since` reads again.
 */

/**
 * What a rule says of a finding: its owner is right, will be changed, or is left alone; there is nobody to
 * give it to; or no rule claims it.
 */
const state = z.enum(["asDeclared", "toChange", "leftAlone", "noOwner", "unclaimed"]);

const reportedFinding = z.object({
  id: z.string(),
  title: z.string().nullable(),
  severity: z.string(),
  /** The name of the rule; null: no rule claims it. */
  rule: z.string().nullable(),
  state,
  /** UUID of who owns it in Datadog; null: nobody. */
  owner: z.string().nullable(),
});

const reportedRule = z.object({
  name: z.string(),
  query: z.string(),
  /** As declared. */
  owner: z.string(),
  /** There are more findings of the rule than were counted. */
  more: z.boolean(),
  /** Why nobody can be given findings of the rule. */
  problem: z.string().optional(),
  /** Why owners of its list do not count now. */
  passedOver: z.array(z.string()).optional(),
  /** That no finding matches it, and what its query may have meant. */
  idle: z.string().optional(),
});

const reportedUser = z.object({
  name: z.string(),
  /** `unknown`: Datadog knows no such user any more, or may not be asked. */
  status: z.enum(["active", "disabled", "gone", "unknown"]),
});

const reportData = z.object({
  format: z.literal(1),
  file: z.string(),
  /** In UTC. */
  day: z.string(),
  scope: z.string().nullable(),
  /** So many findings were counted of each rule at most. */
  limit: z.number(),
  rules: z.array(reportedRule),
  /** There are more findings that no rule claims than were counted. */
  moreUnclaimed: z.boolean(),
  /** The stack whose state was read; absent: none was. */
  stack: z.string().optional(),
  /** Whose findings are left out: of a file, or of a FindingsAssignment. */
  leftOut: z.array(z.object({ by: z.string(), count: z.number() })).default([]),
  findings: z.array(reportedFinding),
  /** Of those who own findings, by UUID. */
  users: z.record(z.string(), reportedUser),
  /** Who is on call for the teams of rules, by UUID, and until when in ISO 8601; null: nobody says it. */
  onCall: z.array(z.object({ team: z.string(), user: z.string(), until: z.string().nullable() })).default([]),
});

export type FindingState = z.infer<typeof state>;
export type ReportedFinding = z.infer<typeof reportedFinding>;
export type ReportedRule = z.infer<typeof reportedRule>;
export type ReportedUser = z.infer<typeof reportedUser>;
export type ReportData = z.infer<typeof reportData>;

/** @throws Error that names the file where it is no report */
export function parseReport(text: string, file: string): ReportData {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(`${file} is not JSON: --since takes what \`report --format json\` wrote`);
  }
  const parsed = reportData.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined ? "" : ` (${issue.path.join(".")}: ${issue.message})`;
  throw new Error(`${file} is not a report: --since takes what \`report --format json\` wrote${place}`);
}

/** How a user is shown: by name where one is known. */
export function userName({ users }: Pick<ReportData, "users">, id: string | null): string {
  if (id === null) return "nobody";
  return (Object.hasOwn(users, id) ? users[id]?.name : undefined) ?? id;
}
