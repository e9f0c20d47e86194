import type { Clock } from "../core/clock";

interface Party<Item> {
  readonly items: Item[];
  leavesAt: number;
}

/**
 * What failed waits here before it travels again: one wait for all of a lane, so that those that failed together, or while others
 * were waiting, travel together. The longest wait counts.
 */
export class RetryLanes<Item> {
  readonly #clock: Clock;
  readonly #depart: (lane: string, items: readonly Item[]) => void;
  readonly #parties = new Map<string, Party<Item>>();
  readonly #hurry = new AbortController();

  /** @param depart called when a lane's wait is over; must not throw */
  constructor(clock: Clock, depart: (lane: string, items: readonly Item[]) => void) {
    this.#clock = clock;
    this.#depart = depart;
  }

  add(lane: string, items: readonly Item[], waitMs: number): void {
    const leavesAt = this.#clock.now() + waitMs;
    const party = this.#parties.get(lane);
    if (party) {
      party.items.push(...items);
      party.leavesAt = Math.max(party.leavesAt, leavesAt);
    } else {
      const first = { items: [...items], leavesAt };
      this.#parties.set(lane, first);
      void this.#leave(lane, first);
    }
  }

  /** Nobody waits any more, now or later. */
  hurry(): void {
    this.#hurry.abort();
  }

  async #leave(lane: string, party: Party<Item>): Promise<void> {
    const { signal } = this.#hurry;
    do {
      await this.#clock.sleep(party.leavesAt - this.#clock.now(), signal).catch(() => {});
    } while (party.leavesAt > this.#clock.now() && !signal.aborted);
    this.#parties.delete(lane);
    this.#depart(lane, party.items);
  }
}
