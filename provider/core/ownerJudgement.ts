/** How long the search may keep showing what was before an accepted assignment. An assumption: Datadog states no bound. */
export const SEARCH_LAG_MS = 5 * 60_000;

/**
 * How far Datadog's clock and ours may be apart, or those of two machines. A clock that is further off is wrong, and others tell
 * its owner, too: signed requests to cloud APIs are refused with a skew of 5 to 15 minutes.
 */
export const MOST_CLOCK_SKEW_MS = 15 * 60_000;

/** The time of an acceptance is a `Date` header, cut to whole seconds: what came before it may look later by less than this. */
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
  /** ms since the epoch, by Datadog's clock; undefined where the state does not say. One that is still to come counts as unknown. */
  readonly acceptedAt: number | undefined;
}

/**
 * - `asLeft`: the owner is the one that we set, or the search may not show our change yet
 * - `nobody`: somebody unassigned it since
 * - `somebodyElse`: somebody gave it to another user since
 * - `missing`: the finding is gone
 */
export type OwnerJudgement = "asLeft" | "nobody" | "somebodyElse" | "missing";

/**
 * Tells a change that a person made from an index that lags behind our own. What was updated after our change is
 * somebody's; what was updated before is old news, for as long as the index may lag.
 * @param now ms since the epoch, by Datadog's clock
 */
export function judgeOwner(observed: ObservedOwner | undefined, own: OwnChange, now: number): OwnerJudgement {
  const acceptedAt = pastTime(own.acceptedAt, now);
  const mayLag = acceptedAt !== undefined && now - acceptedAt < SEARCH_LAG_MS;
  if (observed === undefined) return mayLag ? "asLeft" : "missing";
  if (observed.assigneeId === own.assigneeId) return "asLeft";
  const changedSince =
    observed.updatedAt !== undefined &&
    acceptedAt !== undefined &&
    observed.updatedAt >= acceptedAt + CLOCK_STEP_MS;
  if (mayLag && !changedSince) return "asLeft";
  return observed.assigneeId === null ? "nobody" : "somebodyElse";
}

/** A time that is still to come, by more than clocks differ, is none: believed, it would make every change look recent until then. */
export function pastTime(time: number | undefined, now: number): number | undefined {
  return time !== undefined && time <= now + MOST_CLOCK_SKEW_MS ? time : undefined;
}
