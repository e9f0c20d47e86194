import type { EmulatedAssignee } from "./findingModel";

/** Where the ticket of a Datadog case lives beside Datadog. ServiceNow's assignee is not synchronized. */
export type TicketSystem = "none" | "jira" | "linear" | "servicenow";

export interface EmulatedTicket {
  /** UUID of the Datadog case. */
  readonly id: string;
  /** Of the case: `CASE-42`. */
  readonly key: string;
  readonly system: TicketSystem;
  /** Of the issue in the other system: `PROJ-12345`. */
  readonly issueKey: string | undefined;
  /** False: the keys may not change the project of the case, so an assignment stops at the finding. */
  readonly permitted: boolean;
  readonly createdAt: number;
  readonly assignee: EmulatedAssignee | null;
}

/** Cases and the findings that are linked to them, at most one case a finding. */
export class TicketStore {
  private readonly tickets = new Map<string, EmulatedTicket>();
  private readonly links = new Map<string, string>();

  constructor(private readonly newId: () => string) {}

  add(ticket: Omit<EmulatedTicket, "id" | "key">): EmulatedTicket {
    const added = { ...ticket, id: this.newId(), key: `CASE-${this.tickets.size + 1}` };
    this.tickets.set(added.id, added);
    return added;
  }

  change(ticketId: string, change: Partial<Omit<EmulatedTicket, "id" | "key">>): void {
    this.tickets.set(ticketId, { ...this.get(ticketId), ...change });
  }

  get(ticketId: string): EmulatedTicket {
    const ticket = this.tickets.get(ticketId);
    if (ticket === undefined) throw new Error(`no ticket ${ticketId} in the emulator`);
    return ticket;
  }

  link(ticketId: string, findingId: string): void {
    this.links.set(findingId, this.get(ticketId).id);
  }

  unlink(findingId: string): void {
    this.links.delete(findingId);
  }

  ofFinding(findingId: string): EmulatedTicket | undefined {
    const ticketId = this.links.get(findingId);
    return ticketId === undefined ? undefined : this.get(ticketId);
  }

  findingsOf(ticketId: string): string[] {
    return [...this.links].filter(([, linked]) => linked === ticketId).map(([findingId]) => findingId);
  }
}
