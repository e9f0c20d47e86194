import type { SeededRandom } from "../emulator";

/** What is the same throughout a history. */
export interface Conditions {
  /** The longest that a request takes, ms. */
  readonly latencyMs: number;
  /** How many resources the engine has under way at once. */
  readonly parallel: number;
  /** Share of the requests that something happens to. */
  readonly trouble: number;
  /** How often a request is sent again. */
  readonly retries: number;
  /** Whether there are several batches of findings. */
  readonly many: boolean;
  readonly searchLagMs: number;
  readonly missingFindings: "whole-batch-404" | "failure-per-finding";
  readonly errorShape: "objects" | "strings";
  /** How many stacks declare owners of the same findings, without knowing of each other. */
  readonly stacks: 1 | 2;
  /** Whether the machines' clocks are right; otherwise each deployment's is some minutes fast or slow. */
  readonly clocksAreRight: boolean;
  /** Whether the search says when an owner was set. */
  readonly timesAreKnown: boolean;
  /** Whether the data of all findings may begin anew. */
  readonly restarts: boolean;
}

/** How wrong the clock of a machine may be, ms. */
export const MOST_SKEW_MS = 10 * 60_000;

export function drawConditions(random: SeededRandom): Conditions {
  const often = (share: number) => random.next() < share;
  return {
    latencyMs: random.pick([0, 20, 300]),
    parallel: random.pick([1, 4, 16]),
    trouble: random.pick([0, 0.05, 0.2, 0.5]),
    retries: random.pick([0, 2, 8]),
    many: often(0.04),
    searchLagMs: random.pick([0, 0, 5_000, 60_000, 240_000, 480_000]),
    missingFindings: random.pick(["whole-batch-404", "failure-per-finding"]),
    errorShape: random.pick(["objects", "strings"]),
    stacks: often(0.2) ? 2 : 1,
    clocksAreRight: !often(0.3),
    timesAreKnown: true,
    restarts: often(0.15),
  };
}
