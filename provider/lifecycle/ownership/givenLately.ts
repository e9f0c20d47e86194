import { SEARCH_LAG_MS } from "../../core/ownerJudgement";
import type { Finding } from "../../datadog/findingsApi";
import type { Session } from "../session";
import { findAmong } from "./findAmong";
import type { OwnershipState } from "./ownershipState";

/** How long ago these rules assigned something, ms, where the search may not show it yet; undefined: it does. */
export function lagOf(
  session: Pick<Session, "clock">,
  state: Pick<OwnershipState, "assignedAt"> | undefined,
): number | undefined {
  if (state?.assignedAt === undefined) return undefined;
  const age = Math.max(0, session.clock.now() - state.assignedAt);
  return age < SEARCH_LAG_MS ? age : undefined;
}

/**
 * Findings that were given to a user so lately that the search may still show the owner before, of those that queries match: a
 * request for each 100 and each query. Known are those that this machine has given away; what somebody changed since is left out.
 * @param found what a search has found already, which need not be asked for again
 */
export async function givenLately(
  session: Session,
  ownerId: string,
  queries: readonly string[],
  found: ReadonlySet<string>,
): Promise<Finding[]> {
  const given = session.acks.givenSince(ownerId, session.clock.now() - SEARCH_LAG_MS);
  const findingIds = given.filter((id) => !found.has(id));
  const matching = await Promise.all(queries.map((query) => findAmong(session, findingIds, query)));
  return matching.flat().filter((finding) => isAsLeft(session, finding, ownerId));
}

/** Released by us so lately that the search may still show the owner before. */
export function releasedLately(session: Session, finding: Finding): boolean {
  const ack = session.acks.last(finding.id);
  const lately = ack && session.clock.now() - ack.acceptedAt < SEARCH_LAG_MS;
  return lately === true && isAsLeft(session, finding, null);
}

/**
 * Whether a finding has the owner whom we gave it last, although the search shows another: then that one has it from before.
 * Where that cannot be told apart from what a person did in the same second, it is the person's.
 */
function isAsLeft(session: Session, { id, assignee }: Finding, assigneeId: string | null): boolean {
  const ack = session.acks.last(id);
  if (!ack || ack.assigneeId !== assigneeId) return false;
  if (assignee === null || assignee.id === assigneeId) return true;
  return assignee.updatedAt !== undefined && assignee.updatedAt < ack.acceptedAt;
}
