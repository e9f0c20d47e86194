import { findingSet } from "../core/findingSet";
import type { Session } from "../session/session";
import { type AssignmentState, acceptedAtOf, recordedSince } from "./assignmentState";

/** Tells the process what a state holds, and has released. */
export function noteState(
  { seenStates }: Pick<Session, "seenStates">,
  resourceId: string,
  state: AssignmentState,
): void {
  seenStates.hold(resourceId, state.findingIds, acceptedAtOf(state), recordedSince(state));
  seenStates.miss(state.missing);
  if (state.releasedAt !== undefined) seenStates.release(resourceId, state.released, state.releasedAt);
}

/**
 * What the state counts as assigned, and is not any more by our own doing: released for another resource that
 * declared it too, or given to the user of another one, by this process or by a deployment of some resources
 * only.
 */
export function findingsToReassign(
  { releaseAttempts, accepted, seenStates }: Pick<Session, "releaseAttempts" | "accepted" | "seenStates">,
  resourceId: string,
  { findingIds, assigneeId }: AssignmentState,
): string[] {
  return findingSet(
    findingIds.filter((id) => {
      const last = accepted.last(id);
      if (last) return last.assigneeId !== assigneeId;
      return releaseAttempts.has(id) || seenStates.isReleasedByAnother(id, resourceId);
    }),
  );
}

/**
 * What this resource has released in an earlier deployment, and another resource counts as assigned: by the
 * other one's user.
 */
export function releasesToUndo(
  { seenStates, claims, accepted }: Pick<Session, "seenStates" | "claims" | "accepted">,
  resourceId: string,
  { released }: AssignmentState,
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const id of released) {
    const owner = claims.ownerOf(id);
    if (owner === undefined || accepted.last(id)?.assigneeId === owner) continue;
    if (seenStates.hasReleasedFromAnother(id, resourceId)) owners.set(id, owner);
  }
  return owners;
}
