import type { Day } from "../core/day";
import { allOf } from "../query/combineQueries";
import type { DeclaredRule, OwnershipDeclaration } from "./declaration";
import { findingTypesQuery } from "./findingTypes";
import { type OwnershipSpec, ownershipSpec } from "./rule";

/**
 * What a declaration means on a day: the rules that are in force then, each with one query, and all defaults.
 * @throws QuerySyntaxError
 */
export function effectiveOwnership(declaration: OwnershipDeclaration, today: Day): OwnershipSpec {
  const inForce = declaration.rules.filter((rule) => isInForce(rule, today));
  return ownershipSpec({
    ...declaration,
    rules: inForce.map(({ enabled, until, findingTypes, query, ...rule }) => ({
      ...rule,
      query: effectiveQuery({ query, findingTypes }),
    })),
  });
}

/** Whether a rule is switched on and has not ended. */
export function isInForce({ enabled = true, until }: DeclaredRule, today: Day): boolean {
  return enabled && (until === undefined || today <= until);
}

/**
 * The one query of a rule: of its types, and as its query says.
 * @throws QuerySyntaxError
 */
export function effectiveQuery({
  query,
  findingTypes = [],
}: Pick<DeclaredRule, "query" | "findingTypes">): string {
  const types = findingTypesQuery(findingTypes);
  if (types === undefined) return query ?? "";
  return query === undefined ? types : allOf(types, query);
}
