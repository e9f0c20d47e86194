import { groupBy } from "../core/groupBy";
import { findAmong, type Searching } from "../datadog/findAmong";
import type { Finding } from "../datadog/model/findingsApi";
import { assignByRules, type Verdict } from "../rules/assignRules";
import { findingFacts } from "../rules/findingFacts";
import type { OwnershipContext, OwnershipSpec } from "../rules/rule";

/**
 * What rules say of findings that a search has returned, by id. Datadog is asked only for what these do not
 * decide, such as free text and attributes that the package does not read: a request for each such query and
 * 100 findings.
 * @throws QuerySyntaxError
 */
export async function decideByRules(
  searching: Searching,
  spec: OwnershipSpec,
  context: OwnershipContext,
  findings: readonly Finding[],
): Promise<ReadonlyMap<string, Verdict>> {
  const verdictOf = assignByRules(spec, context);
  const verdicts = new Map<string, Verdict>();
  let open = findings.map((finding) => ({
    id: finding.id,
    facts: findingFacts(finding),
    answers: new Map<string, boolean>(),
  }));
  while (open.length > 0) {
    const tried = open.map((each) => ({ ...each, verdict: verdictOf(each.facts, each.answers) }));
    for (const { id, verdict } of tried) verdicts.set(id, verdict);
    open = tried.filter(({ verdict }) => verdict.toAsk !== undefined);
    const undecided = groupBy(tried, ({ verdict }) => verdict.toAsk);
    for (const [query, asked] of undecided) {
      if (query === undefined) continue;
      const ids = asked.map(({ id }) => id);
      const matching = new Set((await findAmong(searching, ids, query)).map(({ id }) => id));
      for (const { id, answers } of asked) answers.set(query, matching.has(id));
    }
  }
  return verdicts;
}

/**
 * What each rule would assign if nobody owned any of these findings, by the place of the rule, and as the
 * search has returned them.
 */
export async function assignableByRule(
  searching: Searching,
  spec: OwnershipSpec,
  ownerIds: OwnershipContext["ownerIds"],
  findings: readonly Finding[],
): Promise<ReadonlyMap<number, readonly Finding[]>> {
  const free = findings.map((finding) => ({ ...finding, assignee: null }));
  const verdicts = await decideByRules(searching, spec, { ownerIds, deployed: [] }, free);
  const taken = findings.flatMap((finding) => {
    const { outcome, rule } = verdicts.get(finding.id) ?? {};
    return outcome === "assign" && rule ? [{ finding, index: rule.index }] : [];
  });
  return new Map(
    [...groupBy(taken, ({ index }) => index)].map(([index, group]) => [
      index,
      group.map(({ finding }) => finding),
    ]),
  );
}
