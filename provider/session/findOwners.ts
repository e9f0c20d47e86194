import { type FoundOwner, type PickedOwners, pickOwners } from "../rules/pickOwners";
import { keepsGiven, type RuleOwners, type WeightedOwner } from "../rules/ruleOwners";
import type { OwnerDirectory, OwnerUsers } from "./ownerDirectory";

/**
 * The users whose findings are as a rule declares. Beside them those are right to whom a rule with `handOver:
 * keep` has given findings while they were on call: its state knows them. In a chain, who comes after a
 * schedule is right as well, since they get findings whenever nobody is on call. One request for each team,
 * schedule and name, shared by all rules.
 */
export async function findRightOwners(directory: OwnerDirectory, rule: RuleOwners): Promise<PickedOwners> {
  const keeps = keepsGiven(rule);
  return pick(rule, ({ owner }) =>
    keeps && owner.kind === "onCall" ? membersBehind(directory, owner.handle) : usersOf(directory, owner),
  );
}

/** The users who get what a rule assigns now. */
export async function findRecipients(directory: OwnerDirectory, rule: RuleOwners): Promise<PickedOwners> {
  return pick(rule, ({ owner }) => usersOf(directory, owner));
}

type Behind = Pick<FoundOwner, "isOpen"> & OwnerUsers;

async function pick(
  { pick: how, owners }: RuleOwners,
  find: (owner: WeightedOwner) => Promise<Behind>,
): Promise<PickedOwners> {
  const found: FoundOwner[] = [];
  for (const owner of owners) {
    const { users, problem, isOpen = false } = await find(owner);
    found.push({ weight: owner.weight, users: users.map(({ id }) => id), problem, isOpen });
    // Of a chain, who comes later is not asked about.
    if (how === "first" && problem === undefined && !isOpen) break;
  }
  return pickOwners(how, found);
}

/**
 * Who is on call need not be a member of the team: a team without members is none that nobody stands behind.
 */
async function membersBehind(directory: OwnerDirectory, handle: string): Promise<Behind> {
  const { users, problem } = await directory.members(handle);
  return { users, problem: problem?.kind === "inactive" ? undefined : problem, isOpen: true };
}

function usersOf(directory: OwnerDirectory, owner: WeightedOwner["owner"]): Promise<OwnerUsers> {
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
