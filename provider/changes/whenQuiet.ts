import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../core/clock";

/** What a schedule sees of those who share batches. */
export interface Arrivals {
  /** How often items have come for this batch's key, up to now. */
  readonly count: () => number;
  /** How many callers wait for items of theirs, whatever the key: to be sent, or to return. */
  readonly callers: () => number;
  /** The most callers at once since the wait before this one was begun. */
  readonly mostCallers: number;
  /** How often in a row items came and returned, and nobody else came in the meantime. */
  readonly timesAlone: number;
}

/** Resolves when a partial batch has waited long enough for more items. */
export type Schedule = (arrivals: Arrivals) => Promise<void>;

/** The wait consists of several looks: a process that was held up has not heard yet who came meanwhile. */
const LOOK_MS = 12;
/** Where it is not known for sure how many callers there are. Together 48 ms: what a lone resource waits. */
const LOOKS_AT_FIRST = 4;
/**
 * Where fewer callers are there than before. Together about 200 ms: on a loaded machine they come back at
 * long intervals.
 */
const LOOKS_FOR_MISSING = 16;
/** Where all are there: with `--parallel 8`, the engine waits for all 8 then. */
const LOOKS_FOR_NOBODY = 1;
/** Such a wait is so much longer than the longest interval at which items came. */
const INTERVALS = 3;
/** A look that takes so many times its time tells that the machine is loaded: it does not count as quiet. */
const HELD_UP = 2;
/** Who was always alone need not wait: with `--parallel 1` nobody else can come. */
const ENOUGH_ALONE = 3;

/**
 * Waits until nobody comes any more, 48 ms at first. Then it is known how many callers the engine has under
 * way at once: for those who are missing it waits up to 200 ms, and where as many as twice before are there,
 * nobody else can come. Does not wait at all where nobody else came the last 3 times.
 */
export function whenQuiet(clock: Clock): Schedule {
  let known = 0;
  let isSure = false;
  const learn = (present: number) => {
    if (present > known) isSure = false;
    known = Math.max(known, present);
  };
  return async ({ count, callers, mostCallers, timesAlone }) => {
    if (timesAlone >= ENOUGH_ALONE) return turn();
    if (known > 0) learn(mostCallers);
    let looksAtFirst = LOOKS_AT_FIRST;
    const needed = () => {
      learn(callers());
      if (callers() < known) return LOOKS_FOR_MISSING;
      return isSure ? LOOKS_FOR_NOBODY : looksAtFirst;
    };
    const before = known;
    let seen = count();
    let heldUp = 0;
    for (let quiet = 0; quiet < needed(); ) {
      const startedAt = clock.now();
      await clock.sleep(LOOK_MS);
      // What has come over the network is heard only in the turns after the timers.
      await turn();
      await turn();
      if (count() > seen) {
        seen = count();
        looksAtFirst = Math.min(LOOKS_FOR_MISSING, Math.max(looksAtFirst, INTERVALS * (quiet + 1)));
        quiet = 0;
      } else if (clock.now() - startedAt < HELD_UP * LOOK_MS || ++heldUp > LOOKS_FOR_MISSING) quiet++;
    }
    isSure = callers() === before;
    known = callers();
  };
}
