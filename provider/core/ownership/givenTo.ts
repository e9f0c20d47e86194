import { all, any, queryPart } from "../query/queryPart";
import { type OwnershipSpec, ownerOf } from "./rule";
import { boundsOf } from "./ruleConditions";
import { LONGEST_COMBINED } from "./ruleQueries";
import { ruleRuns } from "./ruleRuns";

/**
 * What rules give to one user, whoever owns it now: no query where no rule is for that user.
 * @param ownerIds UUID of each rule's owner, in the order of the rules
 * @param longest how long the query of several rules may be, in characters
 * @throws QuerySyntaxError
 */
export function givenTo(
  spec: OwnershipSpec,
  ownerIds: readonly string[],
  userId: string,
  longest = LONGEST_COMBINED,
): string[] {
  const rules = spec.rules.map(({ query }, index) => ({
    query: queryPart(query),
    given: ownerOf({ ownerIds, deployed: [] }, index) === userId.toLowerCase(),
  }));
  const then = ({ given }: { readonly given: boolean }) => (given ? all([]) : any([]));
  return ruleRuns(rules, boundsOf(spec).within, then, longest).map(({ query }) => query);
}
