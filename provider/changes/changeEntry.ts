import type { ChangeGuard, FindingProblem } from "../datadog/model/findingsApi";
import type { Change, ChangeOutcome } from "./changeOutcome";

/** A change in the queue, until its outcome is known. */
export interface Entry extends Change {
  guard: ChangeGuard | undefined;
  finished: boolean;
  failures: number;
  waitedMs: number;
  /** Whether a try that failed may have changed it. */
  ambiguous: boolean;
  readonly resolve: (outcome: ChangeOutcome) => void;
  readonly outcome: Promise<ChangeOutcome>;
}

/** No assignee has this name: it is no UUID. */
export const UNASSIGN = "unassign";

/**
 * One guard for all of a batch. What somebody else asked for without a guard in the meantime is theirs by
 * now.
 */
export function guardOf(entries: readonly Entry[]): ChangeGuard | undefined {
  if (entries.every(({ guard }) => guard === undefined)) return undefined;
  return async (findingIds) => {
    const among = new Set(findingIds);
    const asked = entries.filter(({ findingId }) => among.has(findingId));
    const guards = new Set(asked.flatMap(({ guard }) => guard ?? []));
    const answers = [...guards].map(async (guard) => {
      const guarded = asked.filter((entry) => entry.guard === guard);
      const leftAlone = await guard(guarded.map(({ findingId }) => findingId));
      return guarded.filter((entry) => leftAlone.has(entry.findingId) && entry.guard === guard);
    });
    return new Set((await Promise.all(answers)).flat().map(({ findingId }) => findingId));
  };
}

export function newEntry(change: Change): Entry {
  let resolve: (outcome: ChangeOutcome) => void = () => {};
  const outcome = new Promise<ChangeOutcome>((resolveOutcome) => {
    resolve = resolveOutcome;
  });
  const { findingId, assigneeId, guard } = change;
  const untried = { finished: false, failures: 0, waitedMs: 0, ambiguous: false };
  return { findingId, assigneeId, guard, ...untried, resolve, outcome };
}

export function supersededEntry(change: Change): Entry {
  const entry = newEntry(change);
  finish(entry, { kind: "superseded" });
  return entry;
}

export function finish(entry: Entry, outcome: ChangeOutcome): void {
  entry.finished = true;
  entry.resolve(outcome);
}

export function keyOf(change: Change): string {
  return change.assigneeId ?? UNASSIGN;
}

export function notSent(findingId: string, reason: string): FindingProblem {
  return { findingId, status: 0, title: "Not sent", detail: reason };
}

export function failedNotSent(change: Change, reason: string): ChangeOutcome {
  return { kind: "failed", ambiguous: false, problem: notSent(change.findingId, reason) };
}

export function noOutcome(findingId: string): ChangeOutcome {
  const problem = {
    findingId,
    status: 0,
    title: "No outcome",
    detail: "Datadog's answer does not mention this finding",
  };
  return { kind: "failed", problem, ambiguous: true, final: true };
}
