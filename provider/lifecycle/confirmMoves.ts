import { without } from "../core/findingSet";
import type { Session } from "./session";

/** How long a resource that has been checked may take to come to its create or update, ms. */
const SOON_MS = 100;

/**
 * Findings that a resource no longer declares and another one does: the other one has them where Datadog has accepted its
 * assignment, or where its state says so. Waits for assignments that are under way.
 * @param resourceId of the resource that no longer declares them
 * @returns what nobody has confirmed: the resource that is to have it may have failed, or comes later
 */
export async function confirmMoves(
  session: Session,
  resourceId: string,
  findingIds: readonly string[],
): Promise<string[]> {
  let open = unconfirmed(session, resourceId, findingIds);
  if (open.length === 0) return [];
  if (!session.assigning.includes(open)) {
    await session.clock.sleep(SOON_MS, session.cancelled).catch(() => {});
  }
  await session.assigning.finished(open);
  open = unconfirmed(session, resourceId, open);
  return open;
}

function unconfirmed(session: Session, resourceId: string, findingIds: readonly string[]): string[] {
  const confirmed = findingIds.filter((id) => {
    const last = session.accepted.last(id);
    if (last && last.assigneeId !== null) return true;
    return session.seenStates.isHeldByAnother(id, resourceId) && !session.releaseAttempts.has(id);
  });
  return without(findingIds, confirmed);
}
