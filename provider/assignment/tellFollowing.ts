import { RequestError } from "../datadog/errors/requestError";
import { findingsOfTickets } from "../datadog/findingsOfTickets";
import type { Finding } from "../datadog/model/findingsApi";
import { describeFollowing } from "../messages/describeFollowing";
import { ownerNow } from "../session/ownerNow";
import type { Session } from "../session/session";

/**
 * Says which findings of others a list takes along, since they share a ticket with what it assigns: a search
 * for each 50 tickets, none where no finding has one. Notes what shares a ticket. Where the search fails it
 * is told, and no error. Source: Datadog's page on assignee management.
 * @param findings that are to be assigned, as the search has shown them
 */
export async function tellFollowing(
  session: Session,
  label: string,
  findings: readonly Finding[],
  ownerId: string | undefined,
): Promise<void> {
  const ticketIds = new Set(findings.flatMap(({ ticket }) => ticket?.id ?? []));
  if (ticketIds.size === 0) return;
  const linked = await findingsOfTickets(session.api, [...ticketIds], session.cancelled).catch(
    (error: unknown) => {
      if (!(error instanceof RequestError)) throw error;
      session.print(
        `${label}: cannot tell which other findings change owner through shared tickets: ${error.message}`,
      );
      return new Map<string, readonly Finding[]>();
    },
  );
  for (const { id, ticket } of [...linked.values()].flat()) session.tickets.note(id, ticket);
  const named = new Set(findings.map(({ id }) => id));
  const following = [...linked.values()].flat().filter((finding) => {
    const owner = ownerNow(session, finding);
    const isDeclared = named.has(finding.id) || session.claims.has(finding.id);
    return !isDeclared && owner !== null && owner.id !== ownerId;
  });
  for (const line of describeFollowing(following, session.users)) session.print(`${label}: ${line}`);
}
