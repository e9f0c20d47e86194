import type { AckStore } from "./ackStore";

/** The last change of a finding that Datadog accepted from us. */
export interface Ack {
  readonly assigneeId: string | null;
  /** Datadog's clock, ms since the epoch. */
  readonly acceptedAt: number;
  /** Whether an earlier process of this machine made it, and not this one. */
  readonly earlier: boolean;
}

/** A change that was sent, and of which no answer is noted. */
interface Doubt {
  readonly assigneeId: string | null;
  /** By this machine's clock, ms since the epoch. */
  readonly sentAt: number;
}

/**
 * What Datadog has accepted from us lately, whether or not the engine came to save it. A deployment that was killed
 * half-way goes on where it was: what its predecessor had done is looked up instead of sent again.
 */
export class AckLog {
  readonly #acks = new Map<string, Ack>();
  readonly #doubts = new Map<string, Doubt>();
  /** When, by the states that this process has seen, another machine may have released a finding. */
  readonly #releasedElsewhere = new Map<string, number>();
  readonly #store: AckStore | undefined;
  /** Times of all acceptances, also of findings that were changed again since. */
  readonly #times = new Set<number>();
  #loaded = false;

  constructor(store?: AckStore) {
    this.#store = store;
  }

  record(assigneeId: string | null, findingIds: readonly string[], acceptedAt: number): void {
    this.#load();
    this.#times.add(acceptedAt);
    for (const id of findingIds) this.#accept(id, { assigneeId, acceptedAt, earlier: false });
    this.#store?.append({ assigneeId, acceptedAt, findingIds });
  }

  /** A change is about to be sent: whatever becomes of it, that another owner was accepted before says nothing any more. */
  doubt(assigneeId: string | null, findingIds: readonly string[], now: number): void {
    this.#load();
    // Of what nobody knows anything, only a release is noted: it may undo what a state counts as assigned.
    const changing = findingIds.filter((id) => {
      const known = this.#acks.get(id);
      return known ? known.assigneeId !== assigneeId : assigneeId === null;
    });
    if (changing.length === 0) return;
    for (const id of changing) this.#suspect(id, { assigneeId, sentAt: now });
    this.#store?.append({ assigneeId, acceptedAt: now, findingIds: changing, doubtful: true });
  }

  /** Somebody else has changed it: what was accepted from us is history. */
  overtake(assigneeId: string | null, findingIds: readonly string[], now: number): void {
    this.#load();
    const changed = findingIds.filter((id) => {
      const known = this.#acks.get(id);
      return known !== undefined && known.assigneeId !== assigneeId;
    });
    if (changed.length === 0) return;
    for (const id of changed) this.#acks.delete(id);
    this.#store?.append({ acceptedAt: now, findingIds: changed, doubtful: true });
  }

  /** A state says that its resource released these: perhaps on a machine whose log is not here. */
  learnReleased(findingIds: readonly string[], releasedAt: number): void {
    for (const id of findingIds) {
      this.#releasedElsewhere.set(id, Math.max(this.#releasedElsewhere.get(id) ?? 0, releasedAt));
    }
  }

  last(findingId: string): Ack | undefined {
    this.#load();
    const ack = this.#acks.get(findingId);
    const releasedAt = this.#releasedElsewhere.get(findingId) ?? 0;
    return ack && ack.acceptedAt >= releasedAt ? ack : undefined;
  }

  /**
   * Whether a finding that a state counts as given to `assigneeId` by `since` was released or given to another user
   * after that, or may have been: sent, and no answer noted.
   */
  hasMovedOn(findingId: string, assigneeId: string, since: number): boolean {
    const ack = this.last(findingId);
    if (ack) return ack.assigneeId !== assigneeId && ack.acceptedAt >= since;
    const doubt = this.#doubts.get(findingId);
    if (doubt && doubt.assigneeId !== assigneeId && doubt.sentAt >= since) return true;
    // To the second, and in no order that we know: of the same second is what was assigned after the release.
    return (this.#releasedElsewhere.get(findingId) ?? 0) > since;
  }

  #accept(findingId: string, ack: Ack): void {
    this.#acks.set(findingId, ack);
    this.#doubts.delete(findingId);
  }

  #suspect(findingId: string, doubt: Doubt): void {
    this.#acks.delete(findingId);
    this.#doubts.set(findingId, doubt);
  }

  /** What was last given to a user, or released (null), at some time or later. */
  givenSince(assigneeId: string | null, since: number): string[] {
    this.#load();
    return [...this.#acks]
      .filter(([, ack]) => ack.assigneeId === assigneeId && ack.acceptedAt >= since)
      .map(([findingId]) => findingId);
  }

  /** Whether the log knows of an acceptance: another machine's it does not. */
  knows(acceptedAt: number): boolean {
    this.#load();
    return this.#times.has(acceptedAt);
  }

  #load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    for (const { assigneeId, acceptedAt, findingIds, doubtful } of this.#store?.load() ?? []) {
      if (!doubtful) this.#times.add(acceptedAt);
      for (const id of findingIds) {
        if (!doubtful) this.#accept(id, { assigneeId: assigneeId ?? null, acceptedAt, earlier: true });
        else if (assigneeId !== undefined) this.#suspect(id, { assigneeId, sentAt: acceptedAt });
        else this.#acks.delete(id);
      }
    }
  }
}
