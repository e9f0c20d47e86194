import type { Clock } from "../core/clock";

export interface GroupCommitOptions<Item> {
  /** Sends one batch; must not reject. */
  readonly send: (lane: string, items: Item[]) => Promise<void>;
  /** The most items a batch takes. */
  readonly batchSize: number;
  /** The most batches under way at once. */
  readonly concurrency: number;
  readonly clock: Clock;
  /** How long an idle lane waits for company before its first batch, ms; default 0: it is sent at once. */
  readonly gatherMs?: number;
  /** How long what waited for a batch to return waits for those whom its return sets free, ms; default 5. */
  readonly lingerMs?: number;
}

interface Lane<Item> {
  readonly pending: Item[];
  sending: number;
  /** Partial batches are held back until this is over. */
  gathering: boolean;
  /** Whether anything came since the current wait began. */
  joined: boolean;
}

/**
 * Group commit: items of one lane travel together. The first batch of an idle lane goes at once; what arrives while it is
 * under way fills the next one, so batches grow with the load and nobody waits when there is none.
 */
export class GroupCommit<Item> {
  readonly #options: GroupCommitOptions<Item>;
  readonly #lanes = new Map<string, Lane<Item>>();
  #sending = 0;
  #pumpScheduled = false;

  constructor(options: GroupCommitOptions<Item>) {
    this.#options = options;
  }

  add(laneName: string, items: readonly Item[]): void {
    if (items.length === 0) return;
    const lane = this.#lane(laneName);
    const wasIdle = lane.pending.length === 0 && lane.sending === 0;
    for (const item of items) lane.pending.push(item);
    lane.joined = true;
    if (wasIdle && this.#options.gatherMs) this.#gather(lane, this.#options.gatherMs);
    this.#schedulePump();
  }

  /** Takes back everything that has not been sent. */
  drain(): Item[] {
    const items: Item[] = [];
    for (const lane of this.#lanes.values()) items.push(...lane.pending.splice(0));
    return items;
  }

  /** Whether nothing waits and nothing is under way. */
  get idle(): boolean {
    return this.#sending === 0 && [...this.#lanes.values()].every((lane) => lane.pending.length === 0);
  }

  #lane(name: string): Lane<Item> {
    let lane = this.#lanes.get(name);
    if (!lane) {
      lane = { pending: [], sending: 0, gathering: false, joined: false };
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  /** What arrives in one turn of the event loop travels together. */
  #schedulePump(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    setImmediate(() => {
      this.#pumpScheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    for (const [name, lane] of this.#lanes) {
      while (this.#sending < this.#options.concurrency && this.#isDue(lane)) {
        void this.#sendBatch(name, lane);
      }
      if (lane.pending.length === 0 && lane.sending === 0 && !lane.gathering) this.#lanes.delete(name);
    }
  }

  #isDue(lane: Lane<Item>): boolean {
    if (lane.pending.length >= this.#options.batchSize) return true;
    return lane.pending.length > 0 && lane.sending === 0 && !lane.gathering;
  }

  async #sendBatch(name: string, lane: Lane<Item>): Promise<void> {
    const items = lane.pending.splice(0, this.#options.batchSize);
    lane.sending++;
    this.#sending++;
    try {
      await this.#options.send(name, items);
    } finally {
      lane.sending--;
      this.#sending--;
      this.#gather(lane, this.#options.lingerMs ?? 5);
      this.#schedulePump();
    }
  }

  /** As long as company keeps coming, the wait begins anew: a full batch does not wait, so it ends soon. */
  #gather(lane: Lane<Item>, ms: number): void {
    if (lane.gathering || ms <= 0) return;
    lane.gathering = true;
    const done = () => {
      lane.gathering = false;
      this.#schedulePump();
    };
    this.#quiet(lane, ms / QUIET_TICKS).then(done, done);
  }

  /** In several looks: a process that was held up for as long as the wait is has not heard who came meanwhile. */
  async #quiet(lane: Lane<Item>, tickMs: number): Promise<void> {
    for (let tick = 0; tick < QUIET_TICKS; tick++) {
      lane.joined = false;
      await this.#options.clock.sleep(tickMs);
      if (lane.joined) tick = -1;
    }
  }
}

const QUIET_TICKS = 4;
