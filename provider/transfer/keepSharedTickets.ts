import { countOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import { findingsOfTickets } from "../datadog/findingsOfTickets";
import type { Finding } from "../datadog/model/findingsApi";
import { firstIds } from "../messages/messages";
import { ownerNow } from "../session/ownerNow";
import type { Session } from "../session/session";
import { declaredByRules } from "./declaredByRules";

export interface SharedRelease {
  /** Ids of findings that are not to be released. */
  readonly kept: ReadonlySet<string>;
  /** Ids of other findings, which lose their owner with those of their ticket that are released. */
  readonly following: readonly string[];
}

/**
 * Which findings are not to be released, since another finding of their ticket is declared, or has another
 * owner: Datadog would take the owner from that one, too. Takes a search only where a finding has a ticket.
 * They are told. Source: Datadog's page on assignee management.
 * @param findings that are about to be released, as the search has shown them
 */
export async function keepSharedTickets(
  session: Session,
  label: string,
  findings: readonly Finding[],
): Promise<SharedRelease> {
  const byTicket = groupBy(
    findings.filter(({ ticket }) => ticket !== null),
    ({ ticket }) => ticket?.id ?? "",
  );
  if (byTicket.size === 0) return { kept: new Set(), following: [] };
  const linked = await findingsOfTickets(session.api, [...byTicket.keys()], session.cancelled);
  const releasedIds = new Set(findings.map(({ id }) => id));
  const others = [...linked.values()].flat().filter(({ id }) => !releasedIds.has(id));
  const byRules = await declaredByRules(session, others);
  const isDeclared = ({ id }: Finding) => session.claims.has(id) || byRules.has(id);
  const kept = new Set<string>();
  const following: string[] = [];
  for (const [ticketId, released] of byTicket) {
    const linkedOthers = (linked.get(ticketId) ?? []).filter(({ id }) => !releasedIds.has(id));
    const declared = linkedOthers.find(isDeclared);
    const other = declared ?? linkedOthers.find((finding) => hasAnotherOwner(session, finding, released));
    if (!other) {
      following.push(...linkedOthers.map(({ id }) => id));
      continue;
    }
    for (const { id } of released) kept.add(id);
    const key = released[0]?.ticket?.key;
    const why = declared
      ? `the program declares ${other.id} of the same ticket ${key}`
      : `${other.id} of the same ticket ${key} belongs to ${labelOf(session, other)}, and would lose its owner`;
    session.print(`${label}: ${describe(released, why)}`);
  }
  return { kept, following };
}

/** Whether somebody owns it who is not the owner of all of these. */
function hasAnotherOwner(session: Session, finding: Finding, released: readonly Finding[]): boolean {
  const owner = ownerNow(session, finding);
  return owner !== null && released.some((each) => ownerNow(session, each)?.id !== owner.id);
}

function labelOf(session: Session, finding: Finding): string {
  const owner = ownerNow(session, finding);
  return owner ? session.users.label(owner) : "nobody";
}

function describe(released: readonly Finding[], why: string): string {
  const ids = released.map(({ id }) => id);
  const what = ids.length === 1 ? "keeps its owner" : "keep their owner";
  return `${countOf(ids, "finding")} ${what}, since ${why}: ${firstIds(ids)}`;
}
