import type { EmulatedAssignee } from "./findingModel";
import { assigneeOf, syncFindings } from "./ownerSync";
import type { EmulatedTicket, TicketSystem } from "./ticketStore";
import type { World } from "./world";

export interface TicketOptions {
  /** Default `none`: a case of Datadog alone. */
  readonly system?: TicketSystem;
  /** Of the issue in the other system. Default: `PROJ-1` and so on, where there is another system. */
  readonly issueKey?: string;
  /** UUID of a user. Default: nobody. */
  readonly assigneeId?: string;
  /** Default true. */
  readonly permitted?: boolean;
}

/** What people do with cases and tickets in Datadog, Jira or Linear. */
export class TicketControls {
  constructor(
    private readonly world: () => World,
    private readonly callerId: string,
  ) {}

  /** A new case without findings. @returns the case, with its id and key */
  create(options: TicketOptions = {}): EmulatedTicket {
    const world = this.world();
    const { system = "none", permitted = true } = options;
    const ticket = world.tickets.add({
      system,
      issueKey: undefined,
      permitted,
      createdAt: world.now(),
      assignee: this.assignee(options.assigneeId ?? null),
    });
    if (system === "none") return ticket;
    const issueKey = options.issueKey ?? ticket.key.replace("CASE", "PROJ");
    world.tickets.change(ticket.id, { issueKey });
    return world.tickets.get(ticket.id);
  }

  /**
   * Links findings: a case that has an assignee overrides theirs, one without keeps it. ServiceNow's
   * overrides nothing.
   */
  attach(ticketId: string, findingIds: readonly string[]): void {
    const world = this.world();
    const ticket = world.tickets.get(ticketId);
    for (const id of findingIds) {
      if (!world.store.has(id)) throw new Error(`no finding ${id} in the emulator`);
      world.tickets.link(ticketId, id);
      world.store.reindex(id);
    }
    if (ticket.system !== "servicenow" && ticket.assignee !== null) syncFindings(world, ticketId);
  }

  /** Ends the links; the findings keep their owners. */
  detach(findingIds: readonly string[]): void {
    for (const id of findingIds) {
      this.world().tickets.unlink(id);
      this.world().store.reindex(id);
    }
  }

  /** Somebody assigns the ticket, or nobody with null: all its findings follow, unless it is ServiceNow's. */
  assign(ticketId: string, userId: string | null): void {
    const world = this.world();
    world.tickets.change(ticketId, { assignee: this.assignee(userId) });
    if (world.tickets.get(ticketId).system !== "servicenow") syncFindings(world, ticketId);
  }

  /** Whether the keys may change the project of the case. */
  permit(ticketId: string, permitted: boolean): void {
    this.world().tickets.change(ticketId, { permitted });
  }

  get(ticketId: string): EmulatedTicket {
    return this.world().tickets.get(ticketId);
  }

  findingsOf(ticketId: string): string[] {
    return this.world().tickets.findingsOf(ticketId);
  }

  ofFinding(findingId: string): EmulatedTicket | undefined {
    return this.world().tickets.ofFinding(findingId);
  }

  private assignee(userId: string | null): EmulatedAssignee | null {
    const world = this.world();
    if (userId !== null && !world.users.has(userId)) throw new Error(`no user ${userId} in the emulator`);
    return assigneeOf(world, userId, this.callerId);
  }
}
