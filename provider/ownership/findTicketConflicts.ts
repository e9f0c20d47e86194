import { findingsOfTickets } from "../datadog/findingsOfTickets";
import type { Finding, FindingProblem } from "../datadog/model/findingsApi";
import { SHARED_TICKET } from "../messages/advise";
import { firstIds } from "../messages/messages";
import type { OwnershipContext, OwnershipSpec } from "../rules/rule";
import type { Session } from "../session/session";
import { decideByRules } from "../transfer/decideByRules";
import type { PlannedRule } from "./plannedOwnership";

/** A finding of a ticket, and for whom the program declares it. */
interface Declared {
  readonly findingId: string;
  /** UUIDs. */
  readonly ownerIds: readonly string[];
  /** `rule "a"`, `the FindingsAssignment "pins"` */
  readonly by: string;
}

/**
 * Findings to be assigned that share a ticket with one that is declared for somebody else: Datadog gives all
 * findings of a ticket to one owner, so both cannot come true. By id, each with the reason. One search for
 * each 50 tickets, none where no finding has one. Source: Datadog's page on assignee management.
 */
export async function findTicketConflicts(
  session: Session,
  spec: OwnershipSpec,
  ownerIds: OwnershipContext["ownerIds"],
  rules: readonly PlannedRule[],
): Promise<ReadonlyMap<string, FindingProblem>> {
  const pending = rules.flatMap((rule) =>
    rule.pending.flatMap((finding) => (finding.ticket ? [{ finding, ticket: finding.ticket, rule }] : [])),
  );
  const conflicts = new Map<string, FindingProblem>();
  if (pending.length === 0) return conflicts;
  const ticketIds = [...new Set(pending.map(({ ticket }) => ticket.id))];
  const linked = await findingsOfTickets(session.api, ticketIds, session.cancelled);
  const declared = await declarationsOf(session, spec, ownerIds, [...linked.values()].flat());
  for (const { finding, ticket, rule } of pending) {
    const others = (linked.get(ticket.id) ?? [])
      .flatMap(({ id }) => declared.get(id) ?? [])
      .filter((other) => !other.ownerIds.some((id) => rule.ownerIds.includes(id)));
    const [other] = others;
    if (!other) continue;
    const ids = others.map(({ findingId }) => findingId);
    const detail =
      `rule "${rule.name}" gives it to ${rule.assignee}, and ${other.by} gives ${firstIds(ids)} of the same ticket ${ticket.key} to ` +
      "somebody else: all findings of a ticket have one owner";
    conflicts.set(finding.id, { findingId: finding.id, status: 0, title: SHARED_TICKET, detail });
  }
  return conflicts;
}

async function declarationsOf(
  session: Session,
  spec: OwnershipSpec,
  ownerIds: OwnershipContext["ownerIds"],
  findings: readonly Finding[],
): Promise<ReadonlyMap<string, Declared>> {
  const verdicts = await decideByRules(session, spec, { ownerIds, deployed: [] }, findings);
  const declared = new Map<string, Declared>();
  for (const { id } of findings) {
    const claim = session.claims.of(id);
    const rule = verdicts.get(id)?.rule;
    if (claim) {
      const owner = await session.assignees.resolve(claim.assignee).catch(() => undefined);
      const by = `the FindingsAssignment "${claim.resourceName ?? ""}"`;
      if (owner !== undefined) declared.set(id, { findingId: id, ownerIds: [owner], by });
    } else if (rule && rule.ownerIds.length > 0) {
      declared.set(id, { findingId: id, ownerIds: rule.ownerIds, by: `rule "${rule.name}"` });
    }
  }
  return declared;
}
