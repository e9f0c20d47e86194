import { findingSet } from "../core/findingSet";
import type { AssignmentState } from "./assignmentState";
import type { Session } from "./session";

/**
 * What the state counts as assigned, and is not any more by our own doing: released for another resource that declared it
 * too, or given to the user of another. This process knows what it has released itself; what broken-off ones have done is in the log
 * of the machine, or in the state of the resource that let go of it, which the engine shows us before.
 */
export function lostFindings(
  { releaseAttempts, accepted }: Pick<Session, "releaseAttempts" | "accepted">,
  { findingIds, assigneeId }: AssignmentState,
): string[] {
  const isOtherwise = (id: string) => (accepted.last(id) ?? { assigneeId }).assigneeId !== assigneeId;
  return findingSet(findingIds.filter((id) => releaseAttempts.has(id) || isOtherwise(id)));
}
