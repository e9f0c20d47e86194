import { findingsWithIds, OWNED, ownedBy, UNOWNED } from "../query/findingQueries";
import { all, any, not, type QueryPart, queryPart } from "../query/queryPart";
import { type DeployedParts, type RulePart, reclaimableQuery } from "./reclaimableQuery";
import { type OwnershipContext, type OwnershipSpec, ownersOf } from "./rule";
import { isNobody } from "./ruleOwners";

/**
 * The most characters that `exclude` may add to each query, so that rules have room beside it: some 80 ids.
 */
const MAX_EXCLUDE_LENGTH = 4_000;

/** What a declaration never leaves. */
export interface Bounds {
  readonly scope: QueryPart;
  readonly notExcluded: QueryPart;
  /** Both. */
  readonly within: QueryPart;
  /** false: `exclude` is too long for a query, so that results have to be filtered. Filter in any case. */
  readonly excludesInQuery: boolean;
}

/** @throws QuerySyntaxError */
export function boundsOf({
  scope: declared = "",
  exclude,
}: Pick<OwnershipSpec, "scope" | "exclude">): Bounds {
  const excluded = findingsWithIds(exclude);
  const excludesInQuery = excluded.text.length <= MAX_EXCLUDE_LENGTH;
  const notExcluded = excludesInQuery ? not(excluded) : all([]);
  const scope = queryPart(declared);
  return { scope, notExcluded, within: all([scope, notExcluded]), excludesInQuery };
}

/** What makes a finding of the rule owned, pending, left alone: right among the rule's findings only. */
export interface RuleConditions extends RulePart {
  /** It belongs to an owner of the rule. */
  readonly owned: QueryPart;
  readonly pending: QueryPart;
  readonly leftAlone: QueryPart;
}

/** @throws QuerySyntaxError */
export function conditionsOfRules(
  spec: OwnershipSpec,
  context: OwnershipContext,
  deployed: readonly DeployedParts[],
): RuleConditions[] {
  const rules = spec.rules.map(({ name, query, owners, overwrite }, index) => ({
    name,
    query: queryPart(query),
    overwrite,
    leavesAlone: isNobody(owners),
    ownerIds: ownersOf(context, index),
  }));
  return rules.map((rule, index) => {
    const owned = ownedBy(rule.ownerIds);
    if (rule.leavesAlone) return { ...rule, owned, pending: any([]), leftAlone: any([]) };
    if (rule.overwrite) return { ...rule, owned, pending: not(owned), leftAlone: any([]) };
    const reclaimable = reclaimableQuery(rule, rules.slice(0, index), deployed);
    return {
      ...rule,
      owned,
      pending: any([UNOWNED, reclaimable]),
      leftAlone: all([OWNED, not(owned), not(reclaimable)]),
    };
  });
}
