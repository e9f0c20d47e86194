import { ownedBy } from "../query/findingQueries";
import { firstMatch, type QueryCase } from "../query/firstMatch";
import { all, any, type QueryPart, queryPart } from "../query/queryPart";
import type { DeployedOwnership } from "./rule";

/** A rule whose query is parsed, and its place. */
export interface RulePart {
  readonly name: string;
  readonly query: QueryPart;
  readonly ownerIds: readonly string[];
}

export interface DeployedParts {
  readonly scope: QueryPart;
  readonly rules: readonly RulePart[];
}

/** @throws QuerySyntaxError */
export function deployedParts({ scope = "", rules }: DeployedOwnership): DeployedParts {
  return {
    scope: queryPart(scope),
    rules: rules.map(({ name, query, ownerIds }) => ({
      name,
      query: queryPart(query),
      ownerIds: ownerIds.map((id) => id.toLowerCase()),
    })),
  };
}

/**
 * Of the findings that belong to a rule, those which the rule may take from their present owner although it
 * does not overwrite: they still belong to an owner of the rule that had them in an earlier deployment.
 *
 * Nothing at all where the rules are as they were deployed, or where rules were only added behind others: so
 * the query of an unchanged rule does not grow with the number of rules.
 *
 * @returns a query that is right among the findings of the rule, and says nothing of others
 */
export function reclaimableQuery(
  rule: RulePart,
  earlier: readonly RulePart[],
  deployed: readonly DeployedParts[],
): QueryPart {
  const settled = new Set(rule.ownerIds);
  const elsewhere = new Set(earlier.map(({ query }) => query.text));
  return any(
    deployed.map(({ scope, rules }) =>
      all([scope, firstMatch(formerCases(rules, rule.query, elsewhere, settled))]),
    ),
  );
}

/**
 * "Belongs to the owner of the rule that had it". A deployed rule whose query is one of the earlier rules'
 * cannot have had a finding of this rule; one with the very query of this rule had all that got as far as to
 * it.
 */
function formerCases(
  former: readonly RulePart[],
  query: QueryPart,
  elsewhere: ReadonlySet<string>,
  settled: ReadonlySet<string>,
): QueryCase[] {
  const cases: QueryCase[] = [];
  for (const rule of former) {
    if (elsewhere.has(rule.query.text)) continue;
    const last = rule.query.text === query.text || rule.query.always === true;
    const then = ownedBy(rule.ownerIds.filter((id) => !settled.has(id)));
    cases.push({ query: last ? all([]) : rule.query, then });
    if (last) break;
  }
  return cases;
}
