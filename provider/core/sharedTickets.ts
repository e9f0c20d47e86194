/** Findings of one ticket that are declared for different users. */
export interface TicketConflict {
  readonly findingId: string;
  readonly otherId: string;
  /** As people name the ticket. */
  readonly key: string;
}

/**
 * Which findings share a ticket, as far as look-ups of this process have shown it. Datadog gives all findings
 * of a ticket one owner.
 */
export class SharedTickets {
  readonly #tickets = new Map<string, { readonly key: string; readonly findingIds: Set<string> }>();
  readonly #ticketOf = new Map<string, string>();

  note(findingId: string, ticket: { readonly id: string; readonly key: string } | null): void {
    const former = this.#ticketOf.get(findingId);
    if (former !== undefined && former !== ticket?.id) {
      this.#tickets.get(former)?.findingIds.delete(findingId);
      this.#ticketOf.delete(findingId);
    }
    if (!ticket) return;
    const known = this.#tickets.get(ticket.id) ?? { key: ticket.key, findingIds: new Set() };
    known.findingIds.add(findingId);
    this.#tickets.set(ticket.id, known);
    this.#ticketOf.set(findingId, ticket.id);
  }

  /**
   * Findings that cannot get the owner whom they are declared for, since another finding of their ticket is
   * declared for somebody else; one conflict for each ticket.
   * @param ownerOf UUID of the user for whom the program declares a finding; undefined: for nobody, or not
   * known
   */
  conflicts(
    findingIds: readonly string[],
    assigneeId: string,
    ownerOf: (findingId: string) => string | undefined,
  ): TicketConflict[] {
    const conflicts = new Map<string, TicketConflict>();
    for (const findingId of findingIds) {
      const ticketId = this.#ticketOf.get(findingId);
      if (ticketId === undefined || conflicts.has(ticketId)) continue;
      const { key = "", findingIds: linked = [] } = this.#tickets.get(ticketId) ?? {};
      for (const otherId of linked) {
        const owner = ownerOf(otherId);
        if (owner !== undefined && owner !== assigneeId) conflicts.set(ticketId, { findingId, otherId, key });
      }
    }
    return [...conflicts.values()];
  }
}
