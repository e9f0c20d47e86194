import type { Owner } from "./owner";
import type { Pick } from "./pickOwners";

/**
 * What becomes of findings when another is on call: with `keep` (default) they stay with whom they were given
 * to, and with the members of the team; with `move` they go to who is on call now.
 */
export type HandOver = "keep" | "move";

export interface WeightedOwner {
  readonly owner: Owner;
  /** More than 0, default 1: of a team, of each of its members. */
  readonly weight: number;
}

/** The owners of a rule, as declared, with all defaults filled in. */
export interface RuleOwners {
  /** At least one; `nobody` stands alone. */
  readonly owners: readonly WeightedOwner[];
  readonly pick: Pick;
  readonly handOver: HandOver;
}

/** The handles of all teams that the owners need to be asked about. */
export function handlesOf({ owners }: RuleOwners): string[] {
  return owners.flatMap(({ owner }) =>
    owner.kind === "team" || owner.kind === "onCall" ? owner.handle : [],
  );
}

/** The handles of the teams whose schedules the owners name. */
export function onCallHandlesOf({ owners }: RuleOwners): string[] {
  return owners.flatMap(({ owner }) => (owner.kind === "onCall" ? owner.handle : []));
}

/** Whether the rule leaves its findings alone. */
export function isNobody({ owners }: RuleOwners): boolean {
  return owners.some(({ owner }) => owner.kind === "nobody");
}

/**
 * The user whom a rule names, where it names just one, whom nothing has to be asked about as long as nothing
 * is to be sent.
 */
export function onlyUser({ owners }: RuleOwners): string | undefined {
  const [first, ...others] = owners;
  return first?.owner.kind === "user" && others.length === 0 ? first.owner.user : undefined;
}

/**
 * Whether findings may stay with users who are no owners of the rule any more: with those who were on call.
 */
export function keepsGiven({ owners, handOver }: RuleOwners): boolean {
  return handOver === "keep" && owners.some(({ owner }) => owner.kind === "onCall");
}
