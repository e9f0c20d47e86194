/**
 * How long the search may keep showing what was before an accepted assignment. An assumption: Datadog states
 * no bound.
 */
export const SEARCH_LAG_MS = 5 * 60_000;

/**
 * How far Datadog's clock and ours may be apart, or those of two machines. A clock that is further off is
 * wrong, and others tell its owner, too: signed requests to cloud APIs are refused with a skew of 5 to 15
 * minutes.
 */
export const MOST_CLOCK_SKEW_MS = 15 * 60_000;

/**
 * The time of an acceptance is a `Date` header, cut to whole seconds: a change before it may look later by
 * less than this.
 */
const CLOCK_STEP_MS = 1_000;

/** What the search says of a finding; undefined where it does not know the finding. */
export interface ObservedOwner {
  /** null: nobody. */
  readonly assigneeId: string | null;
  /** When the assignee was last changed, ms since the epoch; undefined where Datadog does not say. */
  readonly updatedAt: number | undefined;
}

/** What we know of our own last accepted change of the finding. */
export interface OwnChange {
  /** null: we unassigned it. */
  readonly assigneeId: string | null;
  /**
   * ms since the epoch, by Datadog's clock; undefined where the state does not say. One that is still to come
   * counts as unknown.
   */
  readonly acceptedAt: number | undefined;
}

/**
 * - `asLeft`: the search shows the owner that we set
 * - `outdated`: it shows another owner, whom somebody set before our change
 * - `mayLag`: it shows another owner or nobody, no time tells which change is the later one, and ours is so
 *   recent that the search may not show it yet
 * - `nobody`: somebody unassigned it since
 * - `somebodyElse`: somebody gave it to another user since
 * - `unseen`: the search does not know the finding. It may be gone, hidden from these keys, or too new
 */
export type OwnerJudgement = "asLeft" | "outdated" | "mayLag" | "nobody" | "somebodyElse" | "unseen";

/**
 * Tells a change that a person made from an index that lags behind our own change.
 * @param now ms since the epoch, by Datadog's clock
 */
export function judgeOwner(observed: ObservedOwner | undefined, own: OwnChange, now: number): OwnerJudgement {
  if (observed === undefined) return "unseen";
  if (observed.assigneeId === own.assigneeId) return "asLeft";
  const acceptedAt = pastTime(own.acceptedAt, now);
  const updatedAt = pastTime(observed.updatedAt, now);
  if (acceptedAt !== undefined && updatedAt !== undefined) {
    if (updatedAt < acceptedAt) return "outdated";
    if (updatedAt >= acceptedAt + CLOCK_STEP_MS)
      return observed.assigneeId === null ? "nobody" : "somebodyElse";
  }
  if (acceptedAt !== undefined && now - acceptedAt < SEARCH_LAG_MS) return "mayLag";
  return observed.assigneeId === null ? "nobody" : "somebodyElse";
}

/**
 * A time that is still to come, by more than clocks differ, is none: believed, it would make every change
 * look recent until then.
 */
function pastTime(time: number | undefined, now: number): number | undefined {
  return time !== undefined && time <= now + MOST_CLOCK_SKEW_MS ? time : undefined;
}
