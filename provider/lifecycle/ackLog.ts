import type { AckStore } from "./ackStore";

/** The last change of a finding that Datadog accepted from us. */
export interface Ack {
  readonly assigneeId: string | null;
  /** Datadog's clock, ms since the epoch. */
  readonly acceptedAt: number;
  /** Whether an earlier process of this machine made it, and not this one. */
  readonly earlier: boolean;
}

/**
 * What Datadog has accepted from us lately, whether or not the engine came to save it. A deployment that was killed
 * half-way goes on where it was: what its predecessor had done is looked up instead of sent again.
 */
export class AckLog {
  readonly #acks = new Map<string, Ack>();
  readonly #store: AckStore | undefined;
  #loaded = false;

  constructor(store?: AckStore) {
    this.#store = store;
  }

  record(assigneeId: string | null, findingIds: readonly string[], acceptedAt: number): void {
    this.#load();
    for (const id of findingIds) this.#acks.set(id, { assigneeId, acceptedAt, earlier: false });
    this.#store?.append({ assigneeId, acceptedAt, findingIds });
  }

  /** A change is about to be sent: whatever becomes of it, that another owner was accepted before says nothing any more. */
  doubt(assigneeId: string | null, findingIds: readonly string[], now: number): void {
    this.#load();
    const changing = findingIds.filter((id) => {
      const known = this.#acks.get(id);
      return known !== undefined && known.assigneeId !== assigneeId;
    });
    if (changing.length === 0) return;
    for (const id of changing) this.#acks.delete(id);
    this.#store?.append({ acceptedAt: now, findingIds: changing, doubtful: true });
  }

  last(findingId: string): Ack | undefined {
    this.#load();
    return this.#acks.get(findingId);
  }

  #load(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    for (const { assigneeId = null, acceptedAt, findingIds, doubtful } of this.#store?.load() ?? []) {
      for (const id of findingIds) {
        if (doubtful) this.#acks.delete(id);
        else this.#acks.set(id, { assigneeId, acceptedAt, earlier: true });
      }
    }
  }
}
