import type { Finding } from "../datadog/model/findingsApi";
import { allOf } from "../query/combineQueries";
import { ownedBy } from "../query/findingQueries";
import { ownersKey } from "../rules/declaredOwners";
import type { OwnershipSpec } from "../rules/rule";
import type { RuleQueries } from "../rules/ruleQueries";
import { lastVersion, type OwnershipState } from "./ownershipState";
import type { PlanSearch } from "./planSearch";

/** Findings of a rule with new owners that stay with a former one, who is among the new ones. */
export interface KeptFindings {
  readonly ruleName: string;
  /** The new owners in a few words. */
  readonly assignee: string;
  /** The first of them. */
  readonly findings: readonly Finding[];
  readonly more: boolean;
}

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
