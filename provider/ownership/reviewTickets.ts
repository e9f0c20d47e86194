import { findingsOfTickets } from "../datadog/findingsOfTickets";
import type { Finding, FindingProblem, Ticket, TriageAssignee } from "../datadog/model/findingsApi";
import { SHARED_TICKET } from "../messages/advise";
import { firstIds } from "../messages/messages";
import { agreeOnOwners } from "../rules/agreeOnOwners";
import type { OwnershipContext } from "../rules/rule";
import { ownerNow } from "../session/ownerNow";
import type { Session } from "../session/session";
import { decideByRules } from "../transfer/decideByRules";
import { OtherOwnerships } from "./otherOwnerships";
import type { OwnershipInputs } from "./ownershipInputs";
import type { PlannedRule, TicketOfAnother } from "./plannedOwnership";

/** A finding of a ticket, and for whom the program declares it. */
interface Declared {
  readonly findingId: string;
  /** UUIDs. */
  readonly ownerIds: readonly string[];
  /** `rule "a"`, `rule "a" of "security"`, `the FindingsAssignment "pins"` */
  readonly by: string;
}

/** What rules are to assign, and what else shares their tickets. */
export interface TicketReview {
  /**
   * Findings of tickets that the program declares for different owners, which cannot come true: by id, each
   * with the reason.
   */
  readonly conflicts: ReadonlyMap<string, FindingProblem>;
  /** What rules without `overwrite` do not assign: they would take another finding from its owner. */
  readonly leftAlone: readonly TicketOfAnother[];
  /**
   * Findings of others that follow what rules with `overwrite` assign, or what rules take over from an owner.
   */
  readonly following: readonly Finding[];
}

interface PendingFinding {
  readonly finding: Finding;
  readonly ticket: Ticket;
  readonly rule: PlannedRule;
}

/**
 * Looks at the other findings of the tickets of what is to be assigned: Datadog gives all findings of a
 * ticket to one owner. One search for each 50 tickets, none where no finding has one. Source: Datadog's page
 * on assignee management.
 */
export async function reviewTickets(
  session: Session,
  inputs: OwnershipInputs,
  ownerIds: OwnershipContext["ownerIds"],
  rules: readonly PlannedRule[],
): Promise<TicketReview> {
  const pending = rules.flatMap((rule) =>
    rule.pending.flatMap((finding) => (finding.ticket ? [{ finding, ticket: finding.ticket, rule }] : [])),
  );
  const conflicts = new Map<string, FindingProblem>();
  const leftAlone: TicketOfAnother[] = [];
  const following = new Map<string, Finding>();
  if (pending.length === 0) return { conflicts, leftAlone, following: [] };
  const ticketIds = [...new Set(pending.map(({ ticket }) => ticket.id))];
  const linked = await findingsOfTickets(session.api, ticketIds, session.cancelled);
  const changing = new Set(pending.map(({ finding }) => finding.id));
  const declared = await declarationsOf(session, inputs, ownerIds, [...linked.values()].flat(), changing);
  for (const each of pending) {
    const { finding, ticket, rule } = each;
    const all = linked.get(ticket.id) ?? [];
    const conflict = conflictOf(each, all, declared);
    if (conflict) {
      conflicts.set(finding.id, conflict);
      continue;
    }
    const taken = all.filter(
      (other) =>
        !changing.has(other.id) && !declared.has(other.id) && isTakenBy(rule, ownerNow(session, other)),
    );
    // What moves on from its owner takes along what that one has by the ticket.
    const present = ownerNow(session, finding)?.id;
    const other = taken.find((one) => ownerNow(session, one)?.id !== present);
    const owner = other && ownerNow(session, other);
    if (!rule.overwrite && other && owner) {
      const names = { findingId: finding.id, ruleName: rule.name, ticketKey: ticket.key };
      leftAlone.push({ ...names, otherId: other.id, owner });
    } else for (const one of taken) following.set(one.id, one);
  }
  return { conflicts, leftAlone, following: [...following.values()] };
}

function isTakenBy({ ownerIds }: PlannedRule, owner: TriageAssignee | null): boolean {
  return owner !== null && !ownerIds.includes(owner.id);
}

function conflictOf(
  { finding, ticket, rule }: PendingFinding,
  linked: readonly Finding[],
  declared: ReadonlyMap<string, Declared>,
): FindingProblem | undefined {
  const others = linked
    .flatMap(({ id }) => declared.get(id) ?? [])
    .filter(({ ownerIds: ids }) => ids.length > 0 && !agreeOnOwners(ids, rule.ownerIds));
  const [other] = others;
  if (!other) return undefined;
  const ids = others.map(({ findingId }) => findingId);
  const detail =
    `rule "${rule.name}" gives it to ${rule.assignee}, and ${other.by} gives ${firstIds(ids)} of the same ticket ${ticket.key} to ` +
    "somebody else: all findings of a ticket have one owner";
  return { findingId: finding.id, status: 0, title: SHARED_TICKET, detail };
}

/**
 * By finding id, without what rules leave to its owner.
 * @param changing what these rules are to assign
 */
async function declarationsOf(
  session: Session,
  inputs: OwnershipInputs,
  ownerIds: OwnershipContext["ownerIds"],
  findings: readonly Finding[],
  changing: ReadonlySet<string>,
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
    for (const [findingId, { outcome, rule }] of verdicts) {
      const stays = outcome === "leftAlone" && !changing.has(findingId);
      if (!rule || rule.ownerIds.length === 0 || stays) continue;
      declared.set(findingId, { findingId, ownerIds: rule.ownerIds, by: `rule "${rule.name}"${of}` });
    }
  }
  return declared;
}
