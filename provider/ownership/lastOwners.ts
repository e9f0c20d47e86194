import { ownersKey } from "../rules/declaredOwners";
import type { OwnershipRule } from "../rules/rule";
import type { LastOwner } from "../session/resolveOwner";
import { givenOnCall, lastVersion, type OwnershipState } from "./ownershipState";

/** What the last deployment knew of the owners of a rule: of the same owners, whatever the rule is called. */
export function lastOwnersOf(state: OwnershipState | undefined): (rule: OwnershipRule) => LastOwner {
  const last = state ? ownersByKey(state) : new Map<string, readonly string[]>();
  return ({ owners: declared }) => ({
    ownerIds: last.get(ownersKey(declared)) ?? [],
    given: givenOnCall(state, declared),
  });
}

/** UUIDs of the owners, by what tells owners apart. */
function ownersByKey(state: OwnershipState): Map<string, readonly string[]> {
  const owners = new Map<string, readonly string[]>();
  const { rules } = lastVersion(state);
  for (const [index, { owners: declared }] of state.spec.rules.entries()) {
    const key = ownersKey(declared);
    owners.set(key, [...new Set([...(owners.get(key) ?? []), ...(rules[index]?.ownerIds ?? [])])]);
  }
  return owners;
}
