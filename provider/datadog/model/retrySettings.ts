export interface RetrySettings {
  /**
   * Whether anything is sent a second time: after a 429, too, and a finding that failed alone in its batch.
   */
  readonly enabled: boolean;
  /** How long one request waits between its tries in all, ms; waiting as a 429 asks for does not count. */
  readonly timeoutMs: number;
  /** How often one request is sent again; a 429 that says how long to wait does not count. */
  readonly maxRetries: number;
  /** The first wait, ms. */
  readonly backoffBaseMs: number;
  /** Each wait is at most so many times the one before. */
  readonly backoffMultiplier: number;
}

/** What holds where neither configuration nor environment says otherwise. */
export const DEFAULT_RETRY: RetrySettings = {
  enabled: true,
  timeoutMs: 600_000,
  maxRetries: 8,
  backoffBaseMs: 2_000,
  backoffMultiplier: 2,
};

/** The most requests under one rate limit, and the most batches of one kind, that are under way at once. */
export const MAX_REQUESTS_AT_ONCE = 8;

/** A finding that still fails then fails for a reason of its own. */
const MAX_FINDING_RETRIES = 4;

/** How often a finding that fails inside an accepted batch is sent again. */
export function findingRetries({ enabled, maxRetries }: RetrySettings): number {
  return enabled ? Math.min(MAX_FINDING_RETRIES, maxRetries) : 0;
}
