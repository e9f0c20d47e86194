import type { Clock } from "../core/clock";

interface RetryGroup<Item> {
  readonly items: Item[];
  dueAt: number;
}

/**
 * What failed waits here before it is sent again: one wait for all items with the same key, so that items
 * which failed together, or while others were waiting, are sent again together. The longest wait counts.
 */
export class RetryGroups<Item> {
  readonly #clock: Clock;
  readonly #resubmit: (key: string, items: readonly Item[]) => void;
  readonly #groups = new Map<string, RetryGroup<Item>>();
  readonly #flushed = new AbortController();

  /** @param resubmit called when the wait of a group is over; must not throw */
  constructor(clock: Clock, resubmit: (key: string, items: readonly Item[]) => void) {
    this.#clock = clock;
    this.#resubmit = resubmit;
  }

  add(key: string, items: readonly Item[], waitMs: number): void {
    const dueAt = this.#clock.now() + waitMs;
    const group = this.#groups.get(key);
    if (group) {
      group.items.push(...items);
      group.dueAt = Math.max(group.dueAt, dueAt);
    } else {
      const first = { items: [...items], dueAt };
      this.#groups.set(key, first);
      void this.#waitFor(key, first);
    }
  }

  /** Ends all waits, and those of whatever is added later. */
  flush(): void {
    this.#flushed.abort();
  }

  async #waitFor(key: string, group: RetryGroup<Item>): Promise<void> {
    const { signal } = this.#flushed;
    do {
      await this.#clock.sleep(group.dueAt - this.#clock.now(), signal).catch(() => {});
    } while (group.dueAt > this.#clock.now() && !signal.aborted);
    this.#groups.delete(key);
    this.#resubmit(key, group.items);
  }
}
