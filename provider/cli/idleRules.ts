import type { Day } from "../core/day";
import type { FindingsApi } from "../datadog/model/findingsApi";
import { idleRuleMessage } from "../messages/idleRuleMessage";
import { allOf } from "../query/combineQueries";
import { effectiveQuery, isInForce } from "../rules/effectiveOwnership";
import type { OwnershipFile } from "../rulesFile/ownershipFile";
import type { OwnershipFileProblem } from "../rulesFile/ownershipFileError";

/**
 * The rules in force of which no finding in scope is a match, whatever the rules before them take: one
 * request for each rule.
 */
export async function idleRules(
  api: Pick<FindingsApi, "search">,
  { declaration: { rules, scope = "" }, locate }: OwnershipFile,
  today: Day,
): Promise<OwnershipFileProblem[]> {
  const idle: OwnershipFileProblem[] = [];
  for (const [index, rule] of rules.entries()) {
    if (!isInForce(rule, today)) continue;
    const query = effectiveQuery(rule);
    const { findings } = await api.search({ query: allOf(scope, query), limit: 1 });
    if (findings.length > 0) continue;
    const message = idleRuleMessage(rule.name, query, scope);
    idle.push(
      locate({ path: ["rules", index, rule.query === undefined ? "findingTypes" : "query"], message }),
    );
  }
  return idle;
}
