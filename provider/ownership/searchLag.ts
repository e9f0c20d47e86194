import type { OwnershipState } from "./ownershipState";

/**
 * From so long after the last assignment on the search is taken to show all of them, ms. An assumption:
 * Datadog states no bound. Lags of some minutes occur, up to 8 were seen.
 */
export const SEARCH_TRUST_MS = 15 * 60_000;

/**
 * How long ago rules assigned something, ms, where the search may not show it yet; undefined: it does.
 * @param now Datadog's clock, ms since the epoch: `answeredAt` of a search
 */
export function lagOf(
  state: Pick<OwnershipState, "assignedAt"> | undefined,
  now: number,
): number | undefined {
  if (state?.assignedAt === undefined) return undefined;
  const age = Math.max(0, now - state.assignedAt);
  return age < SEARCH_TRUST_MS ? age : undefined;
}

/** `14:35:03 UTC` */
export function timeOfDay(time: number): string {
  return `${new Date(time).toISOString().slice(11, 19)} UTC`;
}
