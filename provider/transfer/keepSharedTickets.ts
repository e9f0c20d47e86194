import { countOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import { findingsOfTickets } from "../datadog/findingsOfTickets";
import type { Finding, Ticket } from "../datadog/model/findingsApi";
import { firstIds } from "../messages/messages";
import type { Session } from "../session/session";
import { declaredByRules } from "./declaredByRules";

/**
 * Findings that are not to be released, since another finding of their ticket is declared: Datadog would take
 * the owner from that one, too. Takes a search only where a finding has a ticket. They are told. Source:
 * Datadog's page on assignee management.
 * @param findings that are about to be released, as the search has shown them
 */
export async function keepSharedTickets(
  session: Session,
  label: string,
  findings: readonly Finding[],
): Promise<ReadonlySet<string>> {
  const byTicket = groupBy(
    findings.filter(({ ticket }) => ticket !== null),
    ({ ticket }) => ticket?.id ?? "",
  );
  if (byTicket.size === 0) return new Set();
  const linked = await findingsOfTickets(session.api, [...byTicket.keys()], session.cancelled);
  const releasedIds = new Set(findings.map(({ id }) => id));
  const others = [...linked.values()].flat().filter(({ id }) => !releasedIds.has(id));
  const byRules = await declaredByRules(session, others);
  const kept = new Set<string>();
  for (const [ticketId, released] of byTicket) {
    const declared = (linked.get(ticketId) ?? []).filter(
      ({ id }) => session.claims.has(id) || byRules.has(id),
    );
    const [other] = declared;
    if (!other) continue;
    for (const { id } of released) kept.add(id);
    session.print(`${label}: ${describe(released, other.id, released[0]?.ticket ?? null)}`);
  }
  return kept;
}

function describe(released: readonly Finding[], other: string, ticket: Ticket | null): string {
  const ids = released.map(({ id }) => id);
  const what = ids.length === 1 ? "keeps its owner" : "keep their owner";
  return `${countOf(ids, "finding")} ${what}, since the program declares ${other} of the same ticket ${ticket?.key}: ${firstIds(ids)}`;
}
