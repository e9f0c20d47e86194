import { allOf, anyOf, negate } from "../query/combineQueries";
import type { OwnershipSpec } from "./rule";

/** In scope, and no rule matches, whoever owns it. Excluded findings are among them, to be filtered. */
export function unclaimedQuery({ scope = "", rules }: OwnershipSpec): string {
  return allOf(scope, negate(anyOf(...rules.map(({ query }) => query))));
}
