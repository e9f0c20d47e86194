import { z } from "zod";
import { groupBy } from "../core/groupBy";
import { atPositions, positionsOf } from "../core/positions";

/** A user, and findings that may be that user's through us. */
export interface PossibleOwner {
  /** UUID. */
  readonly assigneeId: string;
  readonly findingIds: readonly string[];
}

/** As the state stores them: findings as positions in the sorted list of all ids of the state. */
export const storedPossibleOwners = z.array(
  z.object({ assigneeId: z.string(), findings: z.array(z.number().int().nonnegative()) }),
);

type Stored = z.infer<typeof storedPossibleOwners>;

/** @param ids all that the state holds, sorted */
export function parsePossibleOwners(stored: Stored, ids: readonly string[]): PossibleOwner[] {
  return stored.map(({ assigneeId, findings }) => ({ assigneeId, findingIds: atPositions(ids, findings) }));
}

/** @param ids all that the state holds, sorted */
export function storePossibleOwners(owners: readonly PossibleOwner[], ids: readonly string[]): Stored {
  return owners.map(({ assigneeId, findingIds }) => ({ assigneeId, findings: positionsOf(ids, findingIds) }));
}

/** @param ownersOf UUIDs of those who may have a finding through us */
export function possibleOwners(
  findingIds: Iterable<string>,
  ownersOf: (findingId: string) => Iterable<string>,
): PossibleOwner[] {
  const pairs = [...findingIds].flatMap((id) => [...new Set(ownersOf(id))].map((owner) => ({ id, owner })));
  return [...groupBy(pairs, ({ owner }) => owner)].map(([assigneeId, group]) => ({
    assigneeId,
    findingIds: group.map(({ id }) => id),
  }));
}
