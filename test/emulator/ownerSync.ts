import type { EmulatedAssignee } from "./findingModel";
import type { Consequence } from "./requestLog";
import type { World } from "./world";

export interface OwnerRequest {
  readonly findingId: string;
  /** null: nobody. */
  readonly assigneeId: string | null;
  /** UUID of the user who assigns. */
  readonly callerId: string;
  readonly by: "api" | "hand";
}

export interface OwnerResult {
  /** Findings that followed through a shared ticket. */
  readonly consequences: readonly Consequence[];
  /** Key of the case that could not be changed with the finding. */
  readonly unsynchronized?: string;
}

/**
 * Gives a finding to somebody, and with it the case, Jira or Linear ticket that it is linked to and the
 * ticket's other findings.
 */
export function setOwner(world: World, { findingId, assigneeId, callerId, by }: OwnerRequest): OwnerResult {
  const assignee = assigneeOf(world, assigneeId, callerId);
  const ticket = world.tickets.ofFinding(findingId);
  if (ticket === undefined || ticket.system === "servicenow" || !ticket.permitted) {
    world.store.assign(findingId, assignee, by);
    const isUnsynchronized = ticket !== undefined && ticket.system !== "servicenow";
    return { consequences: [], ...(isUnsynchronized ? { unsynchronized: ticket.key } : {}) };
  }
  world.tickets.change(ticket.id, { assignee });
  world.store.assign(findingId, assignee, by);
  return { consequences: syncFindings(world, ticket.id) };
}

/** All findings of a ticket get its assignee. @returns those whose owner changed by it */
export function syncFindings(world: World, ticketId: string): Consequence[] {
  const { assignee, key } = world.tickets.get(ticketId);
  const consequences: Consequence[] = [];
  for (const findingId of world.tickets.findingsOf(ticketId)) {
    if (!world.store.has(findingId)) continue;
    const from = world.store.assigneeOf(findingId)?.id ?? null;
    const to = assignee?.id ?? null;
    if (from === to) {
      world.store.reindex(findingId);
      continue;
    }
    world.store.assign(findingId, assignee, "ticket");
    consequences.push({ findingId, from, to, ticket: key });
  }
  return consequences;
}

export function assigneeOf(
  world: World,
  assigneeId: string | null,
  callerId: string,
): EmulatedAssignee | null {
  const user = assigneeId === null ? undefined : world.users.get(assigneeId);
  if (user === undefined) return null;
  return {
    id: user.id,
    name: user.name ?? user.handle,
    updatedAt: world.now(),
    updatedBy: callerId,
    updatedByName: world.users.get(callerId)?.name ?? "API caller",
  };
}
