import type { FaultKind, LoggedRequest, RandomFaults, SeededRandom } from "../emulator";

const STATUSES = [429, 429, 408, 500, 502, 503, 504];
const FORMATS = ["html", "binary", "empty", "cut-json", "cut-connection"] as const;

/** What networks and Datadog do: each request meets something with probability `share`. */
export function randomFaults(random: SeededRandom, share: number): RandomFaults {
  return () => (random.next() < share ? randomFault(random) : undefined);
}

/** The same, but no request meets more of it than it is retried, and every 429 says when to come again. */
export function bearableFaults(random: SeededRandom, share: number, retries: number): RandomFaults {
  const met = new Map<string, number>();
  return (request) => {
    const key = sameRequest(request);
    const times = met.get(key) ?? 0;
    if (times >= retries || random.next() >= share) return undefined;
    met.set(key, times + 1);
    return randomFault(random, { "retry-after": String(1 + random.integer(20)) });
  };
}

/** Equal for the tries of one request: each change has an id of its own. */
function sameRequest({ requestId, path, query }: LoggedRequest): string {
  return requestId ?? `${path} ${query}`;
}

function randomFault(random: SeededRandom, headers429?: Record<string, string>): FaultKind {
  const apply = random.next() < 0.5;
  const faults: readonly (() => FaultKind)[] = [
    () => statusFault(random, apply, headers429),
    () => statusFault(random, apply, headers429),
    () => ({ kind: "reset" }),
    () => ({ kind: "applied-but-answer-lost" }),
    () => ({ kind: "hang", apply }),
    () => ({ kind: "garbage", format: random.pick(FORMATS), apply }),
    () => ({ kind: "slow", ms: random.integer(30_000) }),
  ];
  return random.pick(faults)();
}

/** A refused request has never taken effect; one that failed inside Datadog may have. */
function statusFault(
  random: SeededRandom,
  apply: boolean,
  headers429: Record<string, string> | undefined,
): FaultKind {
  const status = random.pick(STATUSES);
  const headers = random.next() < 0.5 ? { "retry-after": String(random.integer(20)) } : {};
  return {
    kind: "status",
    status,
    headers: status === 429 ? (headers429 ?? headers) : headers,
    apply: apply && status >= 500,
  };
}
