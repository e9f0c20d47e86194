import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../core/clock";

/** What a schedule sees of those who share a batch. */
export interface Arrivals {
  /** How often items have come, up to now. */
  readonly count: () => number;
  /** How often in a row items came and returned, and nobody else came in the meantime. */
  readonly timesAlone: number;
  /** How many came after the last wait, too late for its batch. */
  readonly missed: number;
}

/** Resolves when a partial batch has waited long enough for more items. */
export type Schedule = (arrivals: Arrivals) => Promise<void>;

/** The wait consists of several looks: a process that was held up has not heard yet who came meanwhile. */
const LOOK_MS = 12;
/** Together 48 ms: what a lone resource waits. */
const LEAST_LOOKS = 4;
/** Together about 200 ms: on a loaded machine items come at long intervals. */
const MOST_LOOKS = 16;
/** The wait is so much longer than the longest interval at which items came. */
const INTERVALS = 3;
/** The next wait is so much longer than one after which items came too late. */
const LONGER = 2;
/** A look that takes so many times its time tells that the machine is loaded: it does not count as quiet. */
const HELD_UP = 2;
/** Who was always alone need not wait: with `--parallel 1` nobody else can come. */
const ENOUGH_ALONE = 3;

/**
 * Waits until nobody comes any more: for 48 ms, and longer where items have come at long intervals or too late, up to 200 ms. Not at
 * all where nobody else came the last 3 times.
 */
export function whenQuiet(clock: Clock): Schedule {
  let needed = LEAST_LOOKS;
  return async ({ count, timesAlone, missed }) => {
    if (timesAlone >= ENOUGH_ALONE) return turn();
    if (missed > 0) needed = Math.min(MOST_LOOKS, LONGER * needed);
    let seen = count();
    let heldUp = 0;
    for (let quiet = 0; quiet < needed; ) {
      const startedAt = clock.now();
      await clock.sleep(LOOK_MS);
      // What has come over the network is heard only in the turns after the timers.
      await turn();
      await turn();
      if (count() > seen) {
        seen = count();
        needed = Math.min(MOST_LOOKS, Math.max(needed, INTERVALS * (quiet + 1)));
        quiet = 0;
      } else if (clock.now() - startedAt < HELD_UP * LOOK_MS || ++heldUp > MOST_LOOKS) quiet++;
    }
  };
}
