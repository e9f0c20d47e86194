import type { RateLimit } from "./rateLimit";

/** A window of a rate limit, as far as answers tell; times in ms since the epoch. */
export interface RateLimitWindow {
  readonly limit: number;
  readonly remaining: number;
  /** When it is taken to be over. */
  readonly endsAt: number;
  /** It ends between these two. */
  readonly earliestEnd: number;
  readonly latestEnd: number;
}

/** Resets are told in whole seconds, rounded one way or the other. */
const ROUNDING_MS = 1_000;

/**
 * Datadog gave the answer at some moment between `sentAt` and `now`, so an answer that was slow tells the end
 * less exactly.
 */
export function windowOf(
  { limit, remaining, resetMs }: RateLimit,
  sentAt: number,
  now: number,
): RateLimitWindow {
  return {
    limit,
    remaining,
    endsAt: now + resetMs,
    earliestEnd: sentAt + resetMs - ROUNDING_MS,
    latestEnd: now + resetMs + ROUNDING_MS,
  };
}

/** Whether an answer tells one window from the next for sure: the ends of two are a period apart. */
export function isCertain(told: RateLimitWindow, { periodMs }: RateLimit): boolean {
  return periodMs !== undefined && told.latestEnd - told.earliestEnd <= periodMs / 2;
}

/**
 * Answers overtake each other: within one window the lowest count is the latest, and what tells of a window
 * before the known one is old.
 * @param certain whether each answer tells one window from the next; where not, what is told may be of the
 * next, and ends it later
 */
export function laterWindow(
  known: RateLimitWindow | undefined,
  told: RateLimitWindow,
  certain: boolean,
): RateLimitWindow {
  if (!known || isLaterWindow(known, told)) return told;
  if (told.latestEnd < known.earliestEnd) return known;
  const latestEnd = (certain ? Math.min : Math.max)(known.latestEnd, told.latestEnd);
  return {
    limit: known.limit,
    remaining: Math.min(known.remaining, told.remaining),
    endsAt: Math.min(latestEnd, Math.max(known.endsAt, told.endsAt)),
    earliestEnd: (certain ? Math.max : Math.min)(known.earliestEnd, told.earliestEnd),
    latestEnd,
  };
}

/** Whether an answer tells of another window than the known one, and not of one before it. */
export function isLaterWindow(known: RateLimitWindow, told: RateLimitWindow): boolean {
  return known.limit !== told.limit || told.earliestEnd > known.latestEnd;
}
