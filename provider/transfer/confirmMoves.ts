import type { Session } from "../session/session";
import type { ReleaseRequest } from "./releaseRequest";

type Holder = Pick<ReleaseRequest, "resourceId" | "ownersOf" | "acceptedAt" | "failed">;

/** How long a resource that has been checked may take to come to its create or update, ms. */
export const SOON_MS = 100;

export interface Moves {
  /**
   * By finding: the UUID of the user for whom the other resource declares it. Our own state is the later one:
   * to be sent again.
   */
  readonly toAssign: ReadonlyMap<string, string>;
  /** Nobody has confirmed them: the resource that is to have them may have failed, or comes later. */
  readonly open: readonly string[];
}

/**
 * What has become of findings that a resource no longer declares and another one does. The other one has them
 * where Datadog has accepted its assignment, or where its state says so. Waits for assignments that are under
 * way.
 */
export async function confirmMoves(
  session: Session,
  holder: Holder,
  findingIds: readonly string[],
): Promise<Moves> {
  let open = findingIds.filter((id) => !isConfirmed(session, holder, id));
  if (open.length > 0 && !session.assigning.includes(open)) {
    await session.clock.sleep(SOON_MS, session.cancelled).catch(() => {});
  }
  await session.assigning.finished(open);
  open = open.filter((id) => !isConfirmed(session, holder, id));
  const toAssign = new Map<string, string>();
  for (const id of open) {
    const owner = session.claims.ownerOf(id);
    if (owner !== undefined && session.seenStates.isHeldByAnother(id, holder.resourceId))
      toAssign.set(id, owner);
  }
  return { toAssign, open: open.filter((id) => !toAssign.has(id)) };
}

function isConfirmed(session: Session, holder: Holder, id: string): boolean {
  const last = session.accepted.last(id);
  if (last) return last.assigneeId !== null;
  // It does not exist: nobody can have it.
  if (session.seenStates.isMissing(id)) return true;
  if (session.releaseAttempts.has(id)) return false;
  const { resourceId, ownersOf, acceptedAt, failed } = holder;
  const owner = session.claims.ownerOf(id);
  if (failed.has(id) && ownersOf(id).some((each) => each !== owner)) return false;
  const isOurs = owner !== undefined && ownersOf(id).includes(owner);
  return session.seenStates.isHeldByAnother(id, resourceId, isOurs ? undefined : acceptedAt(id));
}
