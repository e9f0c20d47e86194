import type { RetrySettings } from "./retrySettings";

const LONGEST_MS = 60_000;

/** Full jitter: anywhere between nothing and a bound that grows with each try before, at most a minute. */
export function backoffMs(
  { backoffBaseMs, backoffMultiplier }: Pick<RetrySettings, "backoffBaseMs" | "backoffMultiplier">,
  tries: number,
  random: () => number,
): number {
  return random() * Math.min(LONGEST_MS, backoffBaseMs * backoffMultiplier ** tries);
}
