import type { FaultKind, RandomFaults, SeededRandom } from "../emulator";

const STATUSES = [429, 429, 408, 500, 502, 503, 504];
const FORMATS = ["html", "binary", "empty", "cut-json", "cut-connection"] as const;

/** What networks and Datadog do: each request meets something with probability `share`. */
export function randomFaults(random: SeededRandom, share: number): RandomFaults {
  return () => (random.next() < share ? randomFault(random) : undefined);
}

function randomFault(random: SeededRandom): FaultKind {
  const apply = random.next() < 0.5;
  const faults: readonly (() => FaultKind)[] = [
    () => statusFault(random, apply),
    () => statusFault(random, apply),
    () => ({ kind: "reset" }),
    () => ({ kind: "applied-but-answer-lost" }),
    () => ({ kind: "hang", apply }),
    () => ({ kind: "garbage", format: random.pick(FORMATS), apply }),
    () => ({ kind: "slow", ms: random.integer(30_000) }),
  ];
  return random.pick(faults)();
}

/** A refused request has never taken effect; one that failed inside Datadog may have. */
function statusFault(random: SeededRandom, apply: boolean): FaultKind {
  const status = random.pick(STATUSES);
  const headers = random.next() < 0.5 ? { "retry-after": String(random.integer(20)) } : {};
  return { kind: "status", status, headers, apply: apply && status >= 500 };
}
