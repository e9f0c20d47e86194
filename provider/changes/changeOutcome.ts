import type { ChangeGuard, FindingProblem } from "../datadog/model/findingsApi";

/** One finding and the owner that it is to have: a user's UUID, or null for nobody. */
export interface Change {
  readonly findingId: string;
  readonly assigneeId: string | null;
  /** Has the last word on the change when it may be sent; without one it is sent in any case. */
  readonly guard?: ChangeGuard | undefined;
}

/**
 * - `done`: Datadog accepted the change
 * - `missing`: Datadog knows no such finding
 * - `failed`: it was not changed, or (`ambiguous`) no answer told whether it was, or (`unclear`) it may be
 *   missing
 * - `superseded`: a later change of the same finding, or a claim on it, took its place
 * - `leftAlone`: its guard held it back
 */
export type ChangeOutcome =
  | { readonly kind: "done"; readonly acceptedAt: number; readonly warnings: readonly FindingProblem[] }
  | { readonly kind: "missing"; readonly problem: FindingProblem }
  | FailedOutcome
  | { readonly kind: "superseded" }
  | { readonly kind: "leftAlone" };

export interface FailedOutcome {
  readonly kind: "failed";
  readonly problem: FindingProblem;
  readonly ambiguous: boolean;
  /** Whether it was the request that failed, which has had its retries, and not this finding in it. */
  readonly final?: boolean;
  readonly unclear?: true;
  /** How long Datadog asks to wait before the next try, ms. */
  readonly retryAfterMs?: number;
}

/** Sends one batch to one assignee and says of each finding what became of it. Never rejects. */
export type SendBatch = (
  assigneeId: string | null,
  findingIds: readonly string[],
  guard?: ChangeGuard,
) => Promise<ReadonlyMap<string, ChangeOutcome>>;
