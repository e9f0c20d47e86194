import { all, any, queryPart } from "../query/queryPart";
import { type OwnershipContext, type OwnershipSpec, ownersOf } from "./rule";
import { boundsOf } from "./ruleConditions";
import { LONGEST_COMBINED } from "./ruleQueries";
import { ruleRuns } from "./ruleRuns";

/**
 * What rules assign to one user, whoever owns it now: no query where no rule is for that user.
 * @param ownerIds UUIDs of each rule's owners, in the order of the rules
 * @param longest how long the query of several rules may be, in characters
 * @throws QuerySyntaxError
 */
export function queriesAssigningTo(
  spec: OwnershipSpec,
  ownerIds: OwnershipContext["ownerIds"],
  userId: string,
  longest = LONGEST_COMBINED,
): string[] {
  const rules = spec.rules.map(({ query }, index) => ({
    query: queryPart(query),
    isOwner: ownersOf({ ownerIds }, index).includes(userId.toLowerCase()),
  }));
  const then = ({ isOwner }: { readonly isOwner: boolean }) => (isOwner ? all([]) : any([]));
  return ruleRuns(rules, boundsOf(spec).within, then, longest).map(({ query }) => query);
}
