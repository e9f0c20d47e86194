import { type NobodyForm, SeededRandom, type UpdatedAtForm } from "../emulator";

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
  /** How the search writes when an owner was set, if it does. */
  readonly updatedAtForm: UpdatedAtForm;
  /** Whether that tells a time. */
  readonly timesAreKnown: boolean;
  readonly nobodyForm: NobodyForm;
  /** Share of the findings that no search shows. */
  readonly hidden: number;
  /** Whether `meta.failures` names findings by ids that were not sent. */
  readonly foreignIds: boolean;
  /** Whether users leave. */
  readonly leavers: boolean;
  /** Whether the data of all findings may begin anew. */
  readonly restarts: boolean;
  /** Whether some findings share a ticket. */
  readonly tickets: boolean;
}

/**
 * How long the program takes before it registers a resource, ms, in histories of lists, four at once: then
 * others are checked while some are under way. Of its own randomness, so that it changes no other draw.
 */
export function lateRegistration({ parallel, latencyMs }: Conditions): (() => number) | undefined {
  const random = new SeededRandom(latencyMs + 1);
  return parallel === 4 ? () => Math.floor(random.next() * 200) : undefined;
}

/** How wrong the clock of a machine may be, ms. */
export const MOST_SKEW_MS = 10 * 60_000;

export function drawConditions(random: SeededRandom): Conditions {
  const often = (share: number) => random.next() < share;
  const times = pickForm(random);
  return {
    latencyMs: random.pick([0, 20, 300]),
    parallel: random.pick([1, 4, 16]),
    trouble: random.pick([0, 0.05, 0.2, 0.5]),
    retries: random.pick([0, 2, 8]),
    many: often(0.02),
    searchLagMs: random.pick([0, 0, 5_000, 60_000, 240_000, 480_000]),
    missingFindings: random.pick(["whole-batch-404", "failure-per-finding"]),
    errorShape: random.pick(["objects", "strings"]),
    stacks: often(0.2) ? 2 : 1,
    clocksAreRight: !often(0.3),
    updatedAtForm: times,
    timesAreKnown: times === "ms" || times === "seconds" || times === "iso",
    nobodyForm: random.pick(["no-triage", "no-triage", "absent", "null", "without-id", "null-id"]),
    hidden: often(0.15) ? 0.2 : 0,
    foreignIds: often(0.1),
    leavers: often(0.15),
    restarts: often(0.15),
    tickets: often(0.12),
  };
}

function pickForm(random: SeededRandom): UpdatedAtForm {
  const known = random.pick(["ms", "ms", "seconds", "iso"] as const);
  const unknown = random.pick(["zero", "absent", "garbage"] as const);
  return random.next() < 0.25 ? unknown : known;
}
