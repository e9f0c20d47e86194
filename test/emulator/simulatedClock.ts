import type { Clock } from "./clock";

interface Sleeper {
  readonly dueAt: number;
  wake(): void;
}

/**
 * How long, in real ms, work may do something else than sleep (load a module, say) before it counts as stuck.
 */
const PATIENCE_MS = 1_000;

/** Turns of the event loop after which whatever does not sleep has come to rest: no I/O is involved. */
const SETTLING_TURNS = 3;

/**
 * Time that passes only while everybody sleeps: hours of waiting in milliseconds, in the same order every
 * time.
 */
export class SimulatedClock implements Clock {
  private readonly sleepers: Sleeper[] = [];

  /** @param time ms since the epoch to start at */
  constructor(private time: number = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const abort = () => {
        this.sleepers.splice(this.sleepers.indexOf(sleeper), 1);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      const sleeper = { dueAt: this.time + Math.max(0, ms), wake };
      signal?.addEventListener("abort", abort, { once: true });
      this.enqueue(sleeper);
    });
  }

  /** How many sleep. */
  get sleeping(): number {
    return this.sleepers.length;
  }

  /**
   * Lets time pass until `work` is done, and returns its result or throws its error.
   * @throws Error where `work` waits for something that no passing of time brings about
   */
  async run<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const settled = work.finally(() => {
      done = true;
    });
    settled.catch(() => undefined);
    const isDone = () => done;
    while (true) {
      await settle();
      if (isDone()) return settled;
      if (!this.wakeNext(Number.POSITIVE_INFINITY)) await this.untilSomethingHappens(isDone);
    }
  }

  /** Lets `ms` pass, waking whoever is due, one after another. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    while (this.wakeNext(end)) await settle();
    this.time = end;
  }

  private async untilSomethingHappens(isDone: () => boolean): Promise<void> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    while (!isDone() && this.sleepers.length === 0) {
      if (performance.now() > giveUpAt) {
        throw new Error("the work waits for something, and nobody sleeps: it would wait for ever");
      }
      await settle();
    }
  }

  /**
   * Wakes the first sleeper that is due until `end`. One at a time: what it does comes before the next wakes.
   */
  private wakeNext(end: number): boolean {
    const [first] = this.sleepers;
    if (first === undefined || first.dueAt > end) return false;
    this.sleepers.shift();
    this.time = first.dueAt;
    first.wake();
    return true;
  }

  /** Sorted by due time; who came first wakes first. */
  private enqueue(sleeper: Sleeper): void {
    let low = 0;
    let high = this.sleepers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sleepers[middle]?.dueAt ?? 0) <= sleeper.dueAt) low = middle + 1;
      else high = middle;
    }
    this.sleepers.splice(low, 0, sleeper);
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLING_TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
