import type { Day } from "../core/day";
import type { Finding, FindingsApi } from "../datadog/model/findingsApi";
import { searchAll } from "../datadog/searchAll";
import { NOTHING } from "../query/catchAll";
import type { OwnershipRule, OwnershipSpec } from "../rules/rule";
import { isNobody } from "../rules/ruleOwners";
import { ruleQueries } from "../rules/ruleQueries";
import { unclaimedQuery } from "../rules/unclaimedQuery";
import { loadRules } from "./loadRules";
import type { FindingState, ReportData, ReportedFinding } from "./reportData";
import { findReportedUsers } from "./reportedUsers";

interface Counted {
  readonly findings: readonly Finding[];
  /** There are more than were counted. */
  readonly more: boolean;
}

/**
 * What the rules of a file cover, and who owns it now: one request for each 100 findings in scope, and one
 * for each user who owns any of them.
 * @param limit the most findings that are counted for a rule, and of what no rule claims
 */
export async function collectReport(
  api: FindingsApi,
  file: string,
  limit: number,
  today: Day,
): Promise<ReportData> {
  const { spec, context } = await loadRules(api, file, today);
  const find = finder(api, spec, limit);
  const findings: ReportedFinding[] = [];
  const names = new Map<string, string>();
  const add = (
    found: readonly Finding[],
    rule: string | null,
    stateOf: (finding: Finding) => FindingState,
  ) => {
    for (const finding of found) {
      findings.push(reported(finding, rule, stateOf(finding)));
      if (finding.assignee?.name !== undefined) names.set(finding.assignee.id, finding.assignee.name);
    }
  };
  const rules: ReportData["rules"] = [];
  for (const [index, { matched, ownerIds }] of ruleQueries(spec, context).rules.entries()) {
    const rule = spec.rules[index];
    if (!rule) continue;
    const counted = await find(matched);
    add(counted.findings, rule.name, stateBy(rule, ownerIds));
    rules.push({ name: rule.name, query: rule.query, owner: rule.assignee, more: counted.more });
  }
  const unclaimed = await find(unclaimedQuery(spec));
  add(unclaimed.findings, null, () => "unclaimed");
  return {
    format: 1,
    file,
    day: today,
    scope: spec.scope ?? null,
    limit,
    rules,
    moreUnclaimed: unclaimed.more,
    findings,
    users: await findReportedUsers(api, findings, names),
  };
}

function finder(
  api: Pick<FindingsApi, "search">,
  { exclude }: OwnershipSpec,
  limit: number,
): (query: string) => Promise<Counted> {
  const excluded = new Set(exclude);
  return async (query) => {
    if (query === NOTHING) return { findings: [], more: false };
    // So many more that what is excluded takes no place of what is counted.
    const found = await searchAll(api, { query, atMost: limit + excluded.size });
    const findings = found.findings.filter(({ id }) => !excluded.has(id));
    return { findings: findings.slice(0, limit), more: found.more || findings.length > limit };
  };
}

/** A rule that leaves its findings alone has them as declared, whoever owns them. */
function stateBy(
  { owners, overwrite }: OwnershipRule,
  ownerIds: readonly string[],
): (finding: Finding) => FindingState {
  return ({ assignee }) => {
    if (isNobody(owners) || (assignee && ownerIds.includes(assignee.id.toLowerCase()))) return "asDeclared";
    return assignee === null || overwrite ? "toChange" : "leftAlone";
  };
}

function reported(finding: Finding, rule: string | null, state: FindingState): ReportedFinding {
  return {
    id: finding.id,
    title: finding.title,
    severity: finding.severity ?? "unknown",
    rule,
    state,
    owner: finding.assignee?.id ?? null,
  };
}
