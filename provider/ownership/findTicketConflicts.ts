import { findingsOfTickets } from "../datadog/findingsOfTickets";
import type { Finding, FindingProblem } from "../datadog/model/findingsApi";
import { SHARED_TICKET } from "../messages/advise";
import { firstIds } from "../messages/messages";
import type { OwnershipContext } from "../rules/rule";
import type { Session } from "../session/session";
import { decideByRules } from "../transfer/decideByRules";
import { OtherOwnerships } from "../transfer/otherOwnerships";
import type { OwnershipInputs } from "./ownershipInputs";
import type { PlannedRule } from "./plannedOwnership";

/** A finding of a ticket, and for whom the program declares it. */
interface Declared {
  readonly findingId: string;
  /** UUIDs. */
  readonly ownerIds: readonly string[];
  /** `rule "a"`, `rule "a" of "security"`, `the FindingsAssignment "pins"` */
  readonly by: string;
}

/**
 * Findings to be assigned that share a ticket with one that is declared for somebody else: Datadog gives all
 * findings of a ticket to one owner, so both cannot come true. By id, each with the reason. One search for
 * each 50 tickets, none where no finding has one. Source: Datadog's page on assignee management.
 */
export async function findTicketConflicts(
  session: Session,
  inputs: OwnershipInputs,
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
  const declared = await declarationsOf(session, inputs, ownerIds, [...linked.values()].flat());
  for (const { finding, ticket, rule } of pending) {
    const others = (linked.get(ticket.id) ?? [])
      .flatMap(({ id }) => declared.get(id) ?? [])
      .filter(({ ownerIds: ids }) => ids.length > 0 && !ids.some((id) => rule.ownerIds.includes(id)));
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
  inputs: OwnershipInputs,
  ownerIds: OwnershipContext["ownerIds"],
  findings: readonly Finding[],
): Promise<ReadonlyMap<string, Declared>> {
  const declared = new Map<string, Declared>();
  for (const { id } of findings) {
    const claim = session.claims.of(id);
    if (!claim) continue;
    const owner = await session.assignees.resolve(claim.assignee).catch(() => undefined);
    const by = `the FindingsAssignment "${claim.resourceName ?? ""}"`;
    declared.set(id, { findingId: id, ownerIds: owner === undefined ? [] : [owner], by });
  }
  const { declared: others } = await OtherOwnerships.of(session, inputs);
  const own = { spec: inputs.spec, ownerIds, of: "" };
  const all = others.map(({ resourceName, ...each }) => ({ ...each, of: ` of "${resourceName ?? ""}"` }));
  for (const { spec, ownerIds: owners, of } of [own, ...all]) {
    const open = findings.filter(({ id }) => !declared.has(id));
    const verdicts = await decideByRules(session, spec, { ownerIds: owners, deployed: [] }, open);
    for (const [findingId, { rule }] of verdicts) {
      if (!rule || rule.ownerIds.length === 0) continue;
      declared.set(findingId, { findingId, ownerIds: rule.ownerIds, by: `rule "${rule.name}"${of}` });
    }
  }
  return declared;
}
