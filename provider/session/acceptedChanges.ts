/** The last change of a finding that Datadog accepted from this process. */
export interface AcceptedChange {
  /** The new owner's UUID; null: nobody. */
  readonly assigneeId: string | null;
  /** Datadog's clock, ms since the epoch. */
  readonly acceptedAt: number;
}

/**
 * What Datadog has accepted from this process, so that resources which declare the same finding do not send
 * it twice. Ends with the process: what a later deployment must know is in the state.
 */
export class AcceptedChanges {
  readonly #changes = new Map<string, AcceptedChange>();

  record(assigneeId: string | null, findingIds: readonly string[], acceptedAt: number): void {
    for (const id of findingIds) this.#changes.set(id, { assigneeId, acceptedAt });
  }

  /**
   * A change is about to be sent. Until it is accepted, nothing is known of a finding that had another owner.
   */
  beginSending(assigneeId: string | null, findingIds: readonly string[]): void {
    this.forget(findingIds.filter((id) => this.#changes.get(id)?.assigneeId !== assigneeId));
  }

  /** Datadog shows that somebody has changed these since. */
  forget(findingIds: readonly string[]): void {
    for (const id of findingIds) this.#changes.delete(id);
  }

  last(findingId: string): AcceptedChange | undefined {
    return this.#changes.get(findingId);
  }

  /** The findings whose last accepted change gave them to a user, or released them (null). */
  givenTo(assigneeId: string | null): string[] {
    return [...this.#changes].filter(([, change]) => change.assigneeId === assigneeId).map(([id]) => id);
  }
}
