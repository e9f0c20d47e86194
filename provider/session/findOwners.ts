import { type FoundOwner, type PickedOwners, pickOwners } from "../rules/pickOwners";
import type { RuleOwners, WeightedOwner } from "../rules/ruleOwners";
import type { OwnerDirectory, OwnerUsers } from "./ownerDirectory";

/**
 * The users whose findings are as a rule declares. Beside them those are right whom a rule with `handOver:
 * keep` has given findings to, which its state knows. One request for each team, schedule and name, shared by
 * all rules.
 */
export async function findRightOwners(directory: OwnerDirectory, rule: RuleOwners): Promise<PickedOwners> {
  return pick(
    rule,
    async ({ owner }) => {
      if (owner.kind !== "onCall" || rule.handOver === "move") return undefined;
      const { users, problem } = await directory.members(owner.handle);
      // Who is on call need not be a member of the team, so a team without members is none that nobody stands
      // behind.
      return { users, problem: problem?.kind === "inactive" ? undefined : problem };
    },
    directory,
  );
}

/** The users who get what a rule assigns now. */
export async function findRecipients(directory: OwnerDirectory, rule: RuleOwners): Promise<PickedOwners> {
  return pick(rule, async () => undefined, directory);
}

/** @param instead what counts for an owner; undefined: who stands behind it now */
async function pick(
  { pick: how, owners }: RuleOwners,
  instead: (owner: WeightedOwner) => Promise<OwnerUsers | undefined>,
  directory: OwnerDirectory,
): Promise<PickedOwners> {
  const found: FoundOwner[] = [];
  for (const owner of owners) {
    const { users, problem } = (await instead(owner)) ?? (await usersOf(directory, owner));
    found.push({ weight: owner.weight, users: users.map(({ id }) => id), problem });
    // Of a chain, who comes later is not asked about.
    if (how === "first" && problem === undefined) break;
  }
  return pickOwners(how, found);
}

function usersOf(directory: OwnerDirectory, { owner }: WeightedOwner): Promise<OwnerUsers> {
  switch (owner.kind) {
    case "user":
      return directory.user(owner.user);
    case "team":
      return directory.members(owner.handle);
    case "onCall":
      return directory.onCall(owner.handle);
    case "nobody":
      return Promise.resolve({ users: [], problem: undefined });
  }
}
