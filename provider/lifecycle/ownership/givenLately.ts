import { SEARCH_LAG_MS } from "../../core/ownerJudgement";
import type { OwnershipSpec } from "../../core/ownership/rule";
import type { Finding } from "../../datadog/findingsApi";
import type { Session } from "../session";
import { takenByRules } from "./decideByRules";
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
 * request for each 100 and each query. Known are those that this process has given away; what somebody changed since is left out.
 * @param found what a search has found already, which need not be asked for again
 */
export async function givenLately(
  session: Session,
  ownerId: string,
  queries: readonly string[],
  found: ReadonlySet<string>,
): Promise<Finding[]> {
  const findingIds = session.accepted.givenTo(ownerId).filter((id) => !found.has(id));
  const matching = await Promise.all(queries.map((query) => findAmong(session, findingIds, query)));
  return matching.flat().filter((finding) => isAsLeft(session, finding, ownerId));
}

/** Released by us so lately that the search may still show the owner before. */
export function releasedLately(session: Session, finding: Finding): boolean {
  return isAsLeft(session, finding, null);
}

/**
 * What a rule takes of findings that the search still shows with the owner from whom this process has released them, by the place
 * of the rule, and as the search shows them. With nothing released lately no request, otherwise one for each 100.
 */
export async function takenLately(
  session: Session,
  spec: OwnershipSpec,
  ownerIds: readonly string[],
): Promise<ReadonlyMap<number, readonly Finding[]>> {
  const excluded = new Set(spec.exclude);
  const findingIds = session.accepted
    .givenTo(null)
    .filter((id) => !excluded.has(id) && !session.claims.has(id));
  if (findingIds.length === 0) return new Map();
  const { findings } = await session.owners.lookUp(findingIds);
  const shown = [...findings.values()].filter(
    (finding) => finding.assignee !== null && releasedLately(session, finding),
  );
  return takenByRules(session, spec, ownerIds, shown);
}

/**
 * Whether a finding has the owner whom we gave it last, although the search shows another: then that one has it from before.
 * Where that cannot be told apart from what a person did in the same second, it is the person's.
 */
function isAsLeft(session: Session, { id, assignee }: Finding, assigneeId: string | null): boolean {
  const ack = session.accepted.last(id);
  if (!ack || ack.assigneeId !== assigneeId) return false;
  if (assignee === null || assignee.id === assigneeId) return true;
  return assignee.updatedAt !== undefined && assignee.updatedAt < ack.acceptedAt;
}
