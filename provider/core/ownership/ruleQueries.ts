import { firstMatch } from "../query/firstMatch";
import { all, any, not, type QueryPart, queryPart } from "../query/queryPart";
import { findingsWithIds, OWNED, ownedBy, UNOWNED } from "./ownerQueries";
import { type OwnershipContext, type OwnershipSpec, ownerOf } from "./rule";
import { type DeployedParts, deployedParts, type RulePart, takeable } from "./takeable";

/** The most characters that `exclude` may add to each query: some 170 ids. */
const MAX_EXCLUDE_LENGTH = 8_000;

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
  /** Of these, what is not yet as declared: to be assigned. */
  readonly pending: string;
  /** Of these, what somebody else owns and the rule does not take. */
  readonly leftAlone: string;
}

/** What a rule that was taken out of the list leaves behind. */
export interface ReleaseQuery {
  readonly name: string;
  readonly ownerId: string;
  readonly query: string;
}

/**
 * All rules in one query each. Such a query is some times as long as the queries of all rules together, but in the first
 * deployment after rules were taken out or put in another order up to the square of that: prefer the rules' own then.
 */
export interface OwnershipQueries {
  readonly rules: readonly RuleQueries[];
  /** What all rules have to assign, in one request: without a result there is nothing to do. */
  readonly pending: string;
  /** What all rules leave alone. */
  readonly leftAlone: string;
  /** What belongs to the owner of its rule. */
  readonly owned: string;
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
 * @throws QuerySyntaxError
 */
export function ruleQueries(spec: OwnershipSpec, context: OwnershipContext): OwnershipQueries {
  const excluded = findingsWithIds(spec.exclude);
  const excludesInQuery = excluded.text.length <= MAX_EXCLUDE_LENGTH;
  const notExcluded = excludesInQuery ? not(excluded) : all([]);
  const scope = queryPart(spec.scope ?? "");
  const within = all([scope, notExcluded]);
  const deployed = context.deployed.map(deployedParts);
  const rules = conditionsOfRules(spec, context, deployed);
  const listOf = (condition: "owned" | "pending" | "leftAlone") =>
    all([within, firstMatch(rules.map((rule) => ({ query: rule.query, then: rule[condition] })))]).text;
  const claimed = any(rules.map(({ query }) => query));
  return {
    rules: rules.map((rule, index) => queriesOfRule(rule, rules.slice(0, index), within)),
    pending: listOf("pending"),
    leftAlone: listOf("leftAlone"),
    owned: listOf("owned"),
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

/** What makes a finding of the rule owned, pending, left alone: right among the rule's findings only. */
interface RuleConditions extends RulePart {
  readonly owned: QueryPart;
  readonly pending: QueryPart;
  readonly leftAlone: QueryPart;
}

function conditionsOfRules(
  spec: OwnershipSpec,
  context: OwnershipContext,
  deployed: readonly DeployedParts[],
): RuleConditions[] {
  const rules = spec.rules.map(({ name, query, overwrite }, index) => ({
    name,
    query: queryPart(query),
    overwrite,
    ownerId: ownerOf(context, index),
  }));
  return rules.map((rule, index) => {
    const owned = ownedBy([rule.ownerId]);
    if (rule.overwrite) return { ...rule, owned, pending: not(owned), leftAlone: any([]) };
    const taken = takeable(rule, rules.slice(0, index), deployed);
    return {
      ...rule,
      owned,
      pending: any([UNOWNED, taken]),
      leftAlone: all([OWNED, not(owned), not(taken)]),
    };
  });
}

function queriesOfRule(rule: RuleConditions, earlier: readonly RulePart[], within: QueryPart): RuleQueries {
  const matched = all([within, rule.query, ...earlier.map(({ query }) => not(query))]);
  return {
    name: rule.name,
    ownerId: rule.ownerId,
    matched: matched.text,
    owned: all([matched, rule.owned]).text,
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
      const release = all([had, ownedBy([ownerId]), unclaimed, ...elsewhere.map(not)]);
      released.push({ name, ownerId, had });
      queries.push({ name, ownerId, query: release.text });
    }
  }
  return queries;
}
