import type { Clock } from "../core/clock";
import { describeProgress, type Work } from "./describeProgress";

export interface ProgressOptions {
  readonly clock: Clock;
  /** Prints one line; the engine shows it live. */
  readonly print: (line: string) => void;
  /** How long work goes on in silence, ms; default 2,000. */
  readonly silentMs?: number;
  /** The shortest time between two lines, ms; default 10,000. */
  readonly intervalMs?: number;
  /** The longest, when work has gone on for some time, ms; default 60,000. */
  readonly longestIntervalMs?: number;
}

export interface Task {
  advance(by?: number): void;
  finish(): void;
}

/** Steps that follow each other within this time are one stretch of work, ms. */
const LULL_MS = 2_000;

/**
 * A line comes after so much of what the work has taken so far: in an hour it tells no more than in ten
 * minutes.
 */
const SHARE = 1 / 6;

/**
 * Tells a person how far long work is: nothing for quick work, then a line now and again for all work of the
 * process together. What is finished stays in the sum, so that many short steps, one after another, are seen
 * to add up.
 */
export class Progress {
  readonly #options: ProgressOptions;
  /** By what is done to what. */
  readonly #works = new Map<string, Work>();
  #running = 0;
  #startedAt = 0;
  #restingSince = Number.NEGATIVE_INFINITY;
  #nextLineAt = 0;
  #waitingUntil = 0;
  #retrying: { readonly reason: string; readonly until: number } | undefined;
  #resting = new AbortController();

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /**
   * @param label of the resource that the work is for
   * @param verb what is done: "assigned", "unassigned", "looked up"
   * @param unit what it is done to, in the singular
   */
  start(label: string, verb: string, total: number, unit = "finding"): Task {
    const work = this.#workOf(verb, unit);
    work.labels.add(label);
    work.running++;
    work.total += total;
    if (this.#running++ === 0) this.#begin();
    let left = total;
    return {
      advance: (by = 1) => {
        left -= by;
        work.done += by;
        this.#retrying = undefined;
      },
      finish: () => {
        // What came to nothing is no longer to be waited for.
        work.total -= left;
        work.running--;
        if (--this.#running === 0) this.#rest();
      },
    };
  }

  /** The rate limit holds requests back for `ms`. */
  waiting(ms: number): void {
    this.#waitingUntil = Math.max(this.#waitingUntil, this.#options.clock.now() + ms);
  }

  /** A request is sent again in `ms`. @param reason "503", "ECONNRESET" */
  retrying(reason: string, ms: number): void {
    this.#retrying = { reason, until: this.#options.clock.now() + ms };
  }

  #workOf(verb: string, unit: string): Work {
    const key = `${unit} ${verb}`;
    const work = this.#works.get(key) ?? { verb, unit, labels: new Set(), running: 0, done: 0, total: 0 };
    this.#works.set(key, work);
    return work;
  }

  #begin(): void {
    const { clock, silentMs = 2_000 } = this.#options;
    const now = clock.now();
    if (now - this.#restingSince > LULL_MS) {
      this.#startedAt = now;
      this.#nextLineAt = Math.max(this.#nextLineAt, now + silentMs);
    }
    this.#resting = new AbortController();
    void this.#report(this.#resting.signal).catch(() => {});
  }

  #rest(): void {
    this.#restingSince = this.#options.clock.now();
    // A reason of our own costs less than the usual one, with its stack.
    this.#resting.abort("resting");
  }

  async #report(resting: AbortSignal): Promise<void> {
    const { clock, print, intervalMs = 10_000, longestIntervalMs = 60_000 } = this.#options;
    for (;;) {
      await clock.sleep(this.#nextLineAt - clock.now(), resting);
      if (resting.aborted) return;
      const now = clock.now();
      const line = describeProgress([...this.#works.values()], this.#pause(now));
      if (line !== undefined) print(line);
      const pace = Math.max(intervalMs, SHARE * (now - this.#startedAt));
      this.#nextLineAt = now + Math.min(pace, longestIntervalMs);
    }
  }

  #pause(now: number): { rateLimitMs: number; retry?: { reason: string; ms: number } } {
    const retry = this.#retrying && { reason: this.#retrying.reason, ms: this.#retrying.until - now };
    return { rateLimitMs: this.#waitingUntil - now, ...(retry && { retry }) };
  }
}
