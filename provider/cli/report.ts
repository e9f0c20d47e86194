import type { Day } from "../core/day";
import type { Finding, FindingsApi } from "../datadog/model/findingsApi";
import { searchAll } from "../datadog/searchAll";
import { NOTHING } from "../query/catchAll";
import type { OwnershipRule } from "../rules/rule";
import { ruleQueries } from "../rules/ruleQueries";
import { unclaimedQuery } from "../rules/unclaimedQuery";
import { loadRules } from "./loadRules";
import { type Counted, type ReportRow, renderReport } from "./renderReport";

/**
 * A Markdown report for a pull request comment: per rule matched, owned and to change, the coverage, and what no rule claims.
 * One request for each 100 findings in scope, whoever owns them.
 * @param limit the most findings that are counted for a rule, and of what no rule claims
 */
export async function report(api: FindingsApi, file: string, limit: number, today: Day): Promise<string> {
  const { spec, context } = await loadRules(api, file, today);
  const excluded = new Set(spec.exclude);
  const find = async (query: string): Promise<Counted> => {
    if (query === NOTHING) return { findings: [], more: false };
    // So many more that what is excluded takes no place of what is counted.
    const found = await searchAll(api, { query, atMost: limit + excluded.size });
    const findings = found.findings.filter(({ id }) => !excluded.has(id));
    return { findings: findings.slice(0, limit), more: found.more || findings.length > limit };
  };
  const rows: ReportRow[] = [];
  for (const [index, { ownerIds, matched }] of ruleQueries(spec, context).rules.entries()) {
    const rule = spec.rules[index];
    if (rule) rows.push(rowOf(rule, ownerIds, await find(matched)));
  }
  return renderReport(rows, await find(unclaimedQuery(spec)), limit);
}

function rowOf(
  { name, assignee, overwrite }: OwnershipRule,
  ownerIds: readonly string[],
  counted: Counted,
): ReportRow {
  const { findings, more } = counted;
  const isOwned = ({ assignee: present }: Finding) => ownerIds.includes(present?.id.toLowerCase() ?? "");
  const owned = findings.filter(isOwned).length;
  const others = findings.filter((finding) => finding.assignee !== null && !isOwned(finding)).length;
  const leftAlone = overwrite ? 0 : others;
  const toChange = findings.length - owned - leftAlone;
  return { name, assignee, matched: findings.length, owned, toChange, leftAlone, more };
}
