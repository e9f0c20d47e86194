import { NOTHING } from "../query/catchAll";
import { OWNED, ownedBy } from "../query/findingQueries";
import { all, any, not, type QueryPart, queryPart } from "../query/queryPart";
import { deployedParts, type RulePart } from "./reclaimableQuery";
import type { DeployedOwnership, OwnershipSpec } from "./rule";
import { boundsOf } from "./ruleConditions";
import { LONGEST_COMBINED } from "./ruleQueries";
import { ruleRuns } from "./ruleRuns";

/**
 * What a deployed version of rules gave away and what is still with the owner of its rule.
 * @param longest how long the query of several rules may be, in characters
 * @throws QuerySyntaxError
 */
export function heldQueries(version: DeployedOwnership, longest = LONGEST_COMBINED): string[] {
  return heldBy(version, all([]), ({ ownerIds }) => ownedBy(ownerIds), longest);
}

/** The same, each rule by itself; without those that can hold nothing. */
export function heldByRule(
  version: DeployedOwnership,
): ReadonlyArray<{ readonly query: string; readonly ownerIds: readonly string[] }> {
  const { within, rules } = partsOf(version);
  return rules
    .map(({ query, ownerIds }, index) => {
      const earlier = rules.slice(0, index).map((rule) => not(rule.query));
      return { query: all([within, query, ...earlier, ownedBy(ownerIds)]).text, ownerIds };
    })
    .filter(({ query }) => query !== NOTHING);
}

/**
 * Of what a version gave away and still holds, what no rule of `spec` matches any more, also where `spec`
 * excludes it. What `spec` excludes although its rules match it is not among these: ask for those ids with
 * `heldQueries`. No query, and so no request, where the rules still match everything that they matched.
 * @throws QuerySyntaxError
 */
export function unclaimedQueries(
  version: DeployedOwnership,
  spec: OwnershipSpec,
  longest = LONGEST_COMBINED,
): string[] {
  const scope = queryPart(spec.scope ?? "");
  const claimed = spec.rules.map(({ query }) => queryPart(query));
  const sameScope = scope.always === true || scope.text === queryPart(version.scope ?? "").text;
  if (sameScope && claimed.some(({ always }) => always === true)) return [];
  const texts = new Set(sameScope ? claimed.map(({ text }) => text) : []);
  const then = ({ query, ownerIds }: RulePart) => (texts.has(query.text) ? any([]) : ownedBy(ownerIds));
  return heldBy(version, not(all([scope, any(claimed)])), then, longest);
}

/** What a version matched and what somebody owns who is not an owner of any of its rules. */
export function reassignedQueries(version: DeployedOwnership, longest = LONGEST_COMBINED): string[] {
  const owners = version.rules.flatMap(({ ownerIds }) => ownerIds.map((id) => id.toLowerCase()));
  return heldBy(version, not(ownedBy(owners)), () => OWNED, longest);
}

function heldBy(
  version: DeployedOwnership,
  among: QueryPart,
  then: (rule: RulePart) => QueryPart,
  longest: number,
): string[] {
  const { within, rules } = partsOf(version);
  return ruleRuns(rules, all([within, among]), then, longest).map(({ query }) => query);
}

function partsOf({ scope, exclude, rules }: DeployedOwnership) {
  const { within } = boundsOf({ scope, exclude });
  return { within, rules: deployedParts({ scope, exclude, rules }).rules };
}
