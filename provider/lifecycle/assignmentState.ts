import { z } from "zod";
import type { Holding } from "../core/assignmentPlan";
import { findingSet, without } from "../core/findingSet";
import { atPositions, positionsOf } from "../core/positions";
import type { FindingProblem } from "../datadog/findingsApi";
import type { AssignmentInputs, OnMissing } from "./assignmentInputs";

const problem = z.object({
  findingId: z.string(),
  status: z.number(),
  title: z.string().catch(""),
  detail: z.string().catch(""),
});

const state = z.object({
  findingIds: z.array(z.string()),
  assignee: z.string(),
  assigneeId: z.string(),
  failures: z.array(problem).default([]),
  warnings: z.array(problem).default([]),
  onMissing: z.enum(["fail", "ignore"]).default("fail"),
  missing: z.array(z.string()).default([]),
  releasing: z.array(z.string()).default([]),
  formerAssigneeIds: z.array(z.string()).default([]),
  assignedAt: z.string().optional(),
  assignedLately: z.array(z.number().int().nonnegative()).optional(),
  released: z.array(z.string()).default([]),
  releasedAt: z.string().optional(),
  resourceName: z.string().optional(),
});

/**
 * The outputs of a FindingsAssignment, as the state stores them. Each declared finding stands in exactly one of `findingIds`,
 * `failures` and `missing`: with the inputs an id is stored at most twice. The one exception are `warnings`, which name the finding
 * once more: it is assigned, so it stands in `findingIds`, and the warning is what users read.
 */
export interface AssignmentState {
  /** Assigned, and accepted by Datadog. Unique and sorted. */
  readonly findingIds: readonly string[];
  /** As declared. */
  readonly assignee: string;
  /** The user's UUID. */
  readonly assigneeId: string;
  /** What could not be assigned, or unassigned; tried again by the next deployment. */
  readonly failures: readonly FindingProblem[];
  /** What was changed, but something beside it went wrong. */
  readonly warnings: readonly FindingProblem[];
  readonly onMissing: OnMissing;
  /** Declared findings that Datadog does not know, left out because of `onMissing: "ignore"`. */
  readonly missing: readonly string[];
  /** Those of `failures` that left the set and wait for being unassigned. */
  readonly releasing: readonly string[];
  /** Users to whom findings of `failures` may still belong, because a change of the assignee did not reach them. */
  readonly formerAssigneeIds: readonly string[];
  /** When Datadog last accepted an assignment of this resource, ms since the epoch by its clock. */
  readonly assignedAt: number | undefined;
  /** The findings that were assigned then, or so shortly before that the search may not have shown it by then. */
  readonly lately: readonly string[];
  /** What the last update with removals unassigned: another resource that declares one of these too has to assign it anew. */
  readonly released: readonly string[];
  /** When Datadog accepted that, ms since the epoch by its clock. */
  readonly releasedAt: number | undefined;
  readonly resourceName: string | undefined;
}

/** Parses stored outputs, those of earlier versions included. */
export function parseState(props: unknown): AssignmentState {
  const { assignedAt, assignedLately, releasedAt, resourceName, ...rest } = state.parse(props);
  return {
    ...rest,
    assignedAt: assignedAt ? Date.parse(assignedAt) : undefined,
    lately: assignedLately ? atPositions(knownIds(rest), assignedLately) : heldIds(rest),
    releasedAt: releasedAt ? Date.parse(releasedAt) : undefined,
    resourceName,
  };
}

/** What Datadog has accepted from us and not yet taken back: the usual answer to what was assigned lately. */
function heldIds({ findingIds, releasing }: Pick<AssignmentState, "findingIds" | "releasing">): string[] {
  return findingSet([...findingIds, ...releasing]);
}

/** What `assignedLately` counts over: a finding that could not be given to a new assignee may be lately ours, too. */
function knownIds({ findingIds, failures }: Pick<AssignmentState, "findingIds" | "failures">): string[] {
  return findingSet([...findingIds, ...failures.map((failure) => failure.findingId)]);
}

/** When Datadog accepted our assignment of a finding; undefined: so long ago that the search knows, or never. */
export function acceptedAtOf({
  lately,
  assignedAt,
}: AssignmentState): (findingId: string) => number | undefined {
  const recent = new Set(lately);
  return (findingId) => (recent.has(findingId) ? assignedAt : undefined);
}

/** Plain JSON without undefined, which the engine would refuse; what is empty and not for users is left out. */
export function storeState(state: AssignmentState): Record<string, unknown> {
  const { findingIds, assignee, assigneeId, failures, warnings, missing, releasing, formerAssigneeIds } =
    state;
  const known = knownIds(state);
  const assignedLately = positionsOf(known, state.lately);
  const usual = sameRuns(assignedLately, positionsOf(known, heldIds(state)));
  return {
    findingIds,
    assignee,
    assigneeId,
    failures,
    warnings,
    ...(state.onMissing !== "fail" && { onMissing: state.onMissing }),
    ...(missing.length > 0 && { missing }),
    ...(releasing.length > 0 && { releasing }),
    ...(formerAssigneeIds.length > 0 && { formerAssigneeIds }),
    ...(state.assignedAt !== undefined && { assignedAt: new Date(state.assignedAt).toISOString() }),
    ...(!usual && { assignedLately }),
    ...(state.released.length > 0 && { released: state.released }),
    ...(state.releasedAt !== undefined && { releasedAt: new Date(state.releasedAt).toISOString() }),
    ...(state.resourceName !== undefined && { resourceName: state.resourceName }),
  };
}

function sameRuns(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

/** What the state holds, in the words of the plan. A finding that Datadog did not know (404) is in nobody's hands. */
export function holdingOf(state: AssignmentState): Holding {
  return {
    assigneeId: state.assigneeId,
    findingIds: state.findingIds,
    releasing: state.releasing,
    doubtful: without(
      state.failures.filter((failure) => failure.status !== 404).map((failure) => failure.findingId),
      state.releasing,
    ),
  };
}

/** The ids that the program declared when this state was written. */
export function declaredIds(state: AssignmentState): string[] {
  const failed = state.failures.map((failure) => failure.findingId);
  return findingSet([...state.findingIds, ...state.missing, ...without(failed, state.releasing)]);
}

/** The inputs that this state was made from; with drift the drifted ids are left out, so that they show as to be added. */
export function inputsOf(state: AssignmentState, findingIds: readonly string[]): AssignmentInputs {
  const { assignee, onMissing, resourceName } = state;
  return { findingIds, assignee, onMissing, resourceName };
}

/** Inputs in the form in which `check` returns them. */
export function storeInputs(inputs: AssignmentInputs): Record<string, unknown> {
  return {
    findingIds: inputs.findingIds,
    assignee: inputs.assignee,
    ...(inputs.onMissing !== "fail" && { onMissing: inputs.onMissing }),
    ...(inputs.resourceName !== undefined && { resourceName: inputs.resourceName }),
  };
}
