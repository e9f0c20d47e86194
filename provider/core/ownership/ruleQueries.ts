import { all, any, not, type QueryPart } from "../query/queryPart";
import { ownedBy, UNOWNED } from "./ownerQueries";
import type { RunQuery } from "./packRuns";
import type { OwnershipContext, OwnershipSpec } from "./rule";
import { boundsOf, conditionsOfRules, type RuleConditions } from "./ruleConditions";
import { ruleRuns } from "./ruleRuns";
import { type DeployedParts, deployedParts, type RulePart } from "./takeable";

/** The longest query that is put together from several rules, in characters. Datadog documents no bound: this is ours. */
export const LONGEST_COMBINED = 8_000;

/**
 * The queries of one rule. A query that is `NOTHING` needs no request.
 *
 * Each is at most as long as the scope, the query for `exclude` and the queries of all rules up to this one together, with
 * 4 characters for each of these and 105 in all; so the queries of a list grow with the square of its rules. Only the first
 * deployment after rules were taken out or put in another order adds the former rules, log2(rules) times each at most.
 */
export interface RuleQueries {
  readonly name: string;
  readonly ownerId: string;
  /** Findings of the rule: in scope, not excluded, a match of this rule and of none before it. */
  readonly matched: string;
  /** Of these, what belongs to the rule's owner already. A delete releases them. */
  readonly owned: string;
  /** Of these, what still belongs to an owner whom a deployment before had given it to. */
  readonly former: string;
  /** Of these, what is not yet as declared: to be assigned. */
  readonly pending: string;
  /** Of these, what somebody else owns and the rule does not take. */
  readonly leftAlone: string;
}

/** What a rule that was taken out of the list leaves behind. */
export interface ReleaseQuery {
  readonly name: string;
  readonly ownerId: string;
  /** What the rule had and no rule has now, whoever owns it. */
  readonly matched: string;
  /** Of these, what belongs to the rule's owner. */
  readonly query: string;
}

/** Rules together in as few queries as their length allows: each is a request. */
export interface OwnershipQueries {
  readonly rules: readonly RuleQueries[];
  /** What all rules have to assign: where none has a result there is nothing to do. */
  readonly pending: readonly RunQuery[];
  /** What all rules leave alone. */
  readonly leftAlone: readonly RunQuery[];
  /** What belongs to the owner of its rule. */
  readonly owned: readonly RunQuery[];
  /** In scope, and nobody owns it. */
  readonly unowned: string;
  /** In scope, nobody owns it, and no rule matches: what stays unowned after the deployment. */
  readonly unclaimed: string;
  /** With `releaseRemoved`: still owned by the owner of a rule that is gone, and of no rule now. No finding is in two. */
  readonly released: readonly ReleaseQuery[];
  /** false: `exclude` is too long for a query, so that results have to be filtered. Filter in any case. */
  readonly excludesInQuery: boolean;
}

/**
 * Turns rules into queries.
 * @param longest how long the query of several rules may be, in characters
 * @throws QuerySyntaxError
 */
export function ruleQueries(
  spec: OwnershipSpec,
  context: OwnershipContext,
  longest = LONGEST_COMBINED,
): OwnershipQueries {
  const { scope, notExcluded, within, excludesInQuery } = boundsOf(spec);
  const deployed = context.deployed.map(deployedParts);
  const rules = conditionsOfRules(spec, context, deployed);
  const runsOf = (condition: "owned" | "pending" | "leftAlone") =>
    ruleRuns(rules, within, (rule) => rule[condition], longest);
  const claimed = any(rules.map(({ query }) => query));
  return {
    rules: rules.map((rule, index) => queriesOfRule(rule, rules.slice(0, index), within)),
    pending: runsOf("pending"),
    leftAlone: runsOf("leftAlone"),
    owned: runsOf("owned"),
    unowned: all([within, UNOWNED]).text,
    unclaimed: all([within, UNOWNED, not(claimed)]).text,
    released: spec.releaseRemoved
      ? releases(
          deployed,
          new Set(rules.map(({ name }) => name)),
          all([notExcluded, not(all([scope, claimed]))]),
        )
      : [],
    excludesInQuery,
  };
}

function queriesOfRule(rule: RuleConditions, earlier: readonly RulePart[], within: QueryPart): RuleQueries {
  const matched = all([within, rule.query, ...earlier.map(({ query }) => not(query))]);
  return {
    name: rule.name,
    ownerId: rule.ownerId,
    matched: matched.text,
    owned: all([matched, rule.owned]).text,
    former: all([matched, rule.former]).text,
    pending: all([matched, rule.pending]).text,
    leftAlone: all([matched, rule.leftAlone]).text,
  };
}

/**
 * A rule can be in several deployments, and so can its findings under another rule of the same owner: each release leaves
 * out what an earlier one finds, so that no finding is released, or counted, twice.
 */
function releases(
  deployed: readonly DeployedParts[],
  names: ReadonlySet<string>,
  unclaimed: QueryPart,
): ReleaseQuery[] {
  const released: { readonly name: string; readonly ownerId: string; readonly had: QueryPart }[] = [];
  const queries: ReleaseQuery[] = [];
  for (const { scope, rules } of deployed) {
    const before = [...released];
    for (const [index, { name, query, ownerId }] of rules.entries()) {
      if (names.has(name)) continue;
      const had = all([scope, query, ...rules.slice(0, index).map((rule) => not(rule.query))]);
      const elsewhere = before.filter((each) => each.ownerId === ownerId).map((each) => each.had);
      if (elsewhere.some(({ text }) => text === had.text)) continue;
      const rest = [unclaimed, ...elsewhere.map(not)];
      released.push({ name, ownerId, had });
      queries.push({
        name,
        ownerId,
        matched: all([had, ...rest]).text,
        query: all([had, ownedBy([ownerId]), ...rest]).text,
      });
    }
  }
  return queries;
}
