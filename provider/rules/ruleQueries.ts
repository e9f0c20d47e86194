import { UNOWNED } from "../query/findingQueries";
import { all, any, not, type QueryPart } from "../query/queryPart";
import type { RunQuery } from "./packRuns";
import { deployedParts, type RulePart } from "./reclaimableQuery";
import type { OwnershipContext, OwnershipSpec } from "./rule";
import { boundsOf, conditionsOfRules, type RuleConditions } from "./ruleConditions";
import { ruleRuns } from "./ruleRuns";

/**
 * The longest query that is put together from several rules, in characters. Datadog documents no bound: this
 * is ours.
 */
export const LONGEST_COMBINED = 8_000;

/**
 * The queries of one rule. A query that is `NOTHING` needs no request.
 *
 * Each is at most as long as the scope, the query for `exclude` and the queries of all rules up to this one
 * together, with 4 characters for each of these and 105 in all; so the queries of a list grow with the square
 * of its rules. Only the first deployment after rules were taken out or put in another order adds the former
 * rules, log2(rules) times each at most.
 */
export interface RuleQueries {
  readonly name: string;
  readonly ownerIds: readonly string[];
  /** Findings of the rule: in scope, not excluded, a match of this rule and of none before it. */
  readonly matched: string;
  /** Of these, what is not yet as declared: to be assigned. */
  readonly pending: string;
  /** Of these, what somebody else owns and the rule does not take. */
  readonly leftAlone: string;
}

/** Rules together in as few queries as their length allows: each is a request. */
export interface OwnershipQueries {
  readonly rules: readonly RuleQueries[];
  /** What all rules have to assign: where none has a result there is nothing to do. */
  readonly pending: readonly RunQuery[];
  /** What all rules leave alone. */
  readonly leftAlone: readonly RunQuery[];
  /** In scope, and nobody owns it. */
  readonly unowned: string;
  /** In scope, nobody owns it, and no rule matches: what stays unowned after the deployment. */
  readonly unclaimed: string;
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
  const { within, excludesInQuery } = boundsOf(spec);
  const rules = conditionsOfRules(spec, context, context.deployed.map(deployedParts));
  const runsOf = (condition: "pending" | "leftAlone") =>
    ruleRuns(rules, within, (rule) => rule[condition], longest);
  return {
    rules: rules.map((rule, index) => queriesOfRule(rule, rules.slice(0, index), within)),
    pending: runsOf("pending"),
    leftAlone: runsOf("leftAlone"),
    unowned: all([within, UNOWNED]).text,
    unclaimed: all([within, UNOWNED, not(any(rules.map(({ query }) => query)))]).text,
    excludesInQuery,
  };
}

function queriesOfRule(rule: RuleConditions, earlier: readonly RulePart[], within: QueryPart): RuleQueries {
  const matched = all([within, rule.query, ...earlier.map(({ query }) => not(query))]);
  return {
    name: rule.name,
    ownerIds: rule.ownerIds,
    matched: matched.text,
    pending: all([matched, rule.pending]).text,
    leftAlone: all([matched, rule.leftAlone]).text,
  };
}
