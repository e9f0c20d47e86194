import { common, findingSet, without } from "./findingSet";

/** What the last deployment left: which findings are ours, and what it could not finish. */
export interface Holding {
  readonly assigneeId: string;
  /** Findings that were assigned, and accepted by Datadog. */
  readonly findingIds: readonly string[];
  /**
   * Findings whose assignment failed in a way that may have reached Datadog, or that are still with a former
   * owner of ours.
   */
  readonly doubtful: readonly string[];
  /** Findings that left the set and may still be ours. */
  readonly pendingReleases: readonly string[];
}

/** What the program declares now. */
export interface Declaration {
  readonly assigneeId: string;
  readonly findingIds: readonly string[];
}

/** The delta: each finding is in at most one of the lists. */
export interface AssignmentPlan {
  /** To be assigned to the declared assignee. */
  readonly assign: readonly string[];
  /** To be unassigned, if they are still ours. */
  readonly release: readonly string[];
  /** Already as declared: nothing is sent. */
  readonly keep: readonly string[];
}

/**
 * What has to be sent so that Datadog's owners are the declared ones. A new assignee takes the kept findings
 * directly: they are never unassigned on the way.
 */
export function planAssignment(
  holding: Holding | undefined,
  declaration: Declaration | undefined,
): AssignmentPlan {
  const declared = declaration?.findingIds ?? [];
  const owned = holding?.findingIds ?? [];
  const sameAssignee = holding?.assigneeId === declaration?.assigneeId;
  const keep = sameAssignee ? common(declared, owned) : [];
  const maybeOurs = findingSet([...owned, ...(holding?.doubtful ?? []), ...(holding?.pendingReleases ?? [])]);
  return {
    assign: findingSet(without(declared, keep)),
    release: without(maybeOurs, declared),
    keep,
  };
}
