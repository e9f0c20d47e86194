import type { Finding } from "../datadog/model/findingsApi";
import type { Session } from "../session/session";
import { confirmMoves } from "../transfer/confirmMoves";

/**
 * Ids of those findings of rules that a list of the program declares, and that it has not been seen to have:
 * it may have failed, and then nobody else would release them. Waits for assignments that are under way.
 * @param findings with the owner whom the rules gave them to
 */
export async function movingToLists(session: Session, findings: readonly Finding[]): Promise<string[]> {
  const owners = new Map(findings.map(({ id, assignee }) => [id, assignee ? [assignee.id] : []]));
  const findingIds = [...owners.keys()].filter((id) => session.claims.has(id));
  if (findingIds.length === 0) return [];
  const ownersOf = (id: string) => owners.get(id) ?? [];
  const held = { resourceId: "", ownersOf, acceptedAt: () => undefined, failed: new Set<string>() };
  const { toAssign, open } = await confirmMoves(session, held, findingIds);
  return [...toAssign.keys(), ...open];
}
