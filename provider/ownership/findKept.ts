import { allOf } from "../query/combineQueries";
import { ownedBy } from "../query/findingQueries";
import { ownersKey } from "../rules/declaredOwners";
import type { OwnershipSpec } from "../rules/rule";
import type { RuleQueries } from "../rules/ruleQueries";
import { lastVersion, type OwnershipState } from "./ownershipState";
import type { KeptFindings } from "./plannedOwnership";
import type { PlanSearch } from "./planSearch";

/**
 * What a change of owners does not move, as from a member to the whole team: one request for each rule whose
 * owners were changed so.
 */
export async function findKept(
  search: PlanSearch,
  { rules }: OwnershipSpec,
  queries: readonly RuleQueries[],
  state: OwnershipState | undefined,
): Promise<KeptFindings[]> {
  if (!state) return [];
  const { rules: deployed } = lastVersion(state);
  const found = rules.map(async ({ name, assignee, owners }, index) => {
    const place = state.spec.rules.findIndex((rule) => rule.name === name);
    const former = state.spec.rules[place];
    const { matched = "", ownerIds = [] } = queries[index] ?? {};
    const both = ownerIds.filter((id) => deployed[place]?.ownerIds.includes(id));
    const isWider = both.length > 0 && both.length < ownerIds.length;
    if (!former || !isWider || ownersKey(former.owners) === ownersKey(owners)) return [];
    const { findings, more } = await search.first(allOf(matched, ownedBy(both).text));
    return findings.length > 0 ? [{ ruleName: name, assignee, findings, more }] : [];
  });
  return (await Promise.all(found)).flat();
}
