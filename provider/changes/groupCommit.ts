import type { Arrivals, Schedule } from "./whenQuiet";

export interface GroupCommitOptions<Item> {
  /** Sends one batch; must not reject. */
  readonly send: (key: string, items: Item[]) => Promise<void>;
  /** The most items that a batch takes. */
  readonly batchSize: number;
  /** The most batches under way at once. */
  readonly concurrency: number;
  /** How long a partial batch waits for more items. A full one is sent at once. */
  readonly schedule: Schedule;
}

/** Whoever has added items, until all of them have returned. */
interface Caller {
  itemsLeft: number;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly caller: Caller;
}

interface Group<Item> {
  readonly pending: Waiting<Item>[];
  sending: number;
  /** Partial batches are held back until this is over. */
  gathering: boolean;
  /** How often items came. */
  arrivals: number;
  /** The numbers of arrivals in this group and in all, when it was last idle. */
  idleAt: { readonly own: number; readonly all: number };
  /** How often in a row nothing else came between an arrival and the return of its batch. */
  timesAlone: number;
}

/**
 * Group commit: items with the same key share batches. A partial batch waits until the batches of its key
 * that are under way have returned, since their callers may bring more, and then for the schedule. So batches
 * grow with the load.
 */
export class GroupCommit<Item> {
  readonly #options: GroupCommitOptions<Item>;
  readonly #groups = new Map<string, Group<Item>>();
  #sending = 0;
  #arrivals = 0;
  #callers = 0;
  /** At once, since a wait was begun. */
  #mostCallers = 0;
  #timesAlone = 0;
  #pumpScheduled = false;

  constructor(options: GroupCommitOptions<Item>) {
    this.#options = options;
  }

  add(key: string, items: readonly Item[]): void {
    if (items.length === 0) return;
    const group = this.#group(key);
    if (isIdle(group)) group.idleAt = { own: group.arrivals, all: this.#arrivals };
    const caller = { itemsLeft: items.length };
    for (const item of items) group.pending.push({ item, caller });
    group.arrivals++;
    this.#arrivals++;
    this.#callers++;
    this.#mostCallers = Math.max(this.#mostCallers, this.#callers);
    if (group.sending === 0) this.#gather(group);
    this.#schedulePump();
  }

  /** Takes back everything that has not been sent. */
  drain(): Item[] {
    const waiting = [...this.#groups.values()].flatMap((group) => group.pending.splice(0));
    this.#letGo(waiting);
    return waiting.map(({ item }) => item);
  }

  /** Whether nothing waits and nothing is under way. */
  get idle(): boolean {
    return this.#sending === 0 && [...this.#groups.values()].every(isIdle);
  }

  #group(key: string): Group<Item> {
    let group = this.#groups.get(key);
    if (!group) {
      const idleAt = { own: 0, all: 0 };
      group = { pending: [], sending: 0, gathering: false, arrivals: 0, idleAt, timesAlone: 0 };
      this.#groups.set(key, group);
    }
    return group;
  }

  /** What arrives in one turn of the event loop is sent together. */
  #schedulePump(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    setImmediate(() => {
      this.#pumpScheduled = false;
      this.#pump();
    });
  }

  /**
   * Groups take turns, one batch each: whose turn is over goes to the end, where this loop comes to it again.
   */
  #pump(): void {
    for (const [key, group] of this.#groups) {
      if (this.#sending >= this.#options.concurrency) return;
      if (!this.#isDue(group)) continue;
      this.#groups.delete(key);
      this.#groups.set(key, group);
      void this.#sendBatch(key, group);
    }
  }

  #isDue(group: Group<Item>): boolean {
    if (group.pending.length >= this.#options.batchSize) return true;
    return group.pending.length > 0 && group.sending === 0 && !group.gathering;
  }

  async #sendBatch(key: string, group: Group<Item>): Promise<void> {
    const batch = group.pending.splice(0, this.#options.batchSize);
    group.sending++;
    this.#sending++;
    try {
      await this.#options.send(
        key,
        batch.map(({ item }) => item),
      );
    } finally {
      group.sending--;
      this.#sending--;
      this.#letGo(batch);
      if (isIdle(group)) this.#noteCompany(group);
      else if (group.sending === 0) this.#gather(group);
      this.#schedulePump();
    }
  }

  #letGo(batch: readonly Waiting<Item>[]): void {
    for (const { caller } of batch) if (--caller.itemsLeft === 0) this.#callers--;
  }

  /**
   * Whether others came while these items waited and were sent tells whether it is worth waiting for company
   * next time.
   */
  #noteCompany(group: Group<Item>): void {
    const { own, all } = group.idleAt;
    group.timesAlone = group.arrivals > own + 1 ? 0 : group.timesAlone + 1;
    this.#timesAlone = this.#arrivals > all + 1 ? 0 : this.#timesAlone + 1;
  }

  #gather(group: Group<Item>): void {
    if (group.gathering) return;
    group.gathering = true;
    const arrivals: Arrivals = {
      count: () => group.arrivals,
      callers: () => this.#callers,
      mostCallers: this.#mostCallers,
      timesAlone: Math.max(group.timesAlone, this.#timesAlone),
    };
    this.#mostCallers = this.#callers;
    const done = () => {
      group.gathering = false;
      this.#pump();
    };
    this.#options.schedule(arrivals).then(done, done);
  }
}

function isIdle({ pending, sending }: Group<unknown>): boolean {
  return pending.length === 0 && sending === 0;
}
