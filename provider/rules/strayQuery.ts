import { ownedBy } from "../query/findingQueries";
import { firstMatch } from "../query/firstMatch";
import { all, any, not, type QueryPart, queryPart } from "../query/queryPart";
import { deployedParts } from "./reclaimableQuery";
import type { DeployedOwnership, OwnershipSpec } from "./rule";
import { boundsOf } from "./ruleConditions";
import { LONGEST_COMBINED } from "./ruleQueries";

/**
 * What is in the scope of deployed rules and belongs to one of their owners, although none of the rules gives
 * it to that owner: a rule did before the finding changed, or a person assigned it. `NOTHING` where the rules
 * leave no such finding; undefined where it takes more than one query.
 * @param present rules that follow: what they match is not among it
 * @throws QuerySyntaxError
 */
export function strayQuery(
  versions: readonly DeployedOwnership[],
  present?: Pick<OwnershipSpec, "scope" | "rules">,
): string | undefined {
  const parts = versions.map(partsOf).filter(({ owned, held }) => owned.text !== held.text);
  const matched = present?.rules.map(({ query }) => queryPart(query)) ?? [];
  const query = all([
    any(parts.map(({ within, owned }) => all([within, owned]))),
    ...parts.map(({ within, held }) => not(parts.length === 1 ? held : all([within, held]))),
    not(all([queryPart(present?.scope ?? ""), any(matched)])),
  ]).text;
  return query.length <= LONGEST_COMBINED ? query : undefined;
}

interface VersionParts {
  readonly within: QueryPart;
  /** Belongs to any owner of the rules. */
  readonly owned: QueryPart;
  /** Belongs to an owner of its rule. */
  readonly held: QueryPart;
}

function partsOf(version: DeployedOwnership): VersionParts {
  const { rules } = deployedParts(version);
  const held = firstMatch(rules.map(({ query, ownerIds }) => ({ query, then: ownedBy(ownerIds) })));
  return {
    within: boundsOf(version).within,
    owned: ownedBy(rules.flatMap(({ ownerIds }) => ownerIds)),
    held,
  };
}
