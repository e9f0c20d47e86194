import { type AssignmentPlan, type Holding, planAssignment } from "../core/assignmentPlan";
import { common, findingSet, without } from "../core/findingSet";
import { pastTime, SEARCH_LAG_MS } from "../core/ownerJudgement";
import type { FindingProblem } from "../datadog/findingsApi";
import { assignFindings, type ChangeReport } from "./assignFindings";
import type { AssignmentInputs } from "./assignmentInputs";
import { type AssignmentState, acceptedAtOf, holdingOf } from "./assignmentState";
import { claimFindings } from "./declaredTwice";
import { lostFindings } from "./lostFindings";
import { firstTen } from "./messages";
import { releaseFindings } from "./releaseFindings";
import type { Session } from "./session";

export interface Settlement {
  readonly state: AssignmentState;
  /** What the deployment fails with; empty: everything is as declared, or may be missing and is tried again by the next. */
  readonly failures: readonly FindingProblem[];
  /** Findings that a request was to change, successful or not. */
  readonly attempted: number;
  /** Those of them that are now as declared. */
  readonly succeeded: number;
  /** Those of `failures` that may have been changed all the same: no answer told. */
  readonly ambiguous: number;
  /** Whether Datadog changed anything, or may have. */
  readonly changed: boolean;
}

/**
 * Brings Datadog from what the state holds to what the program declares, sending only the delta.
 * @throws Error before anything is sent where another resource has claimed a finding for another user
 */
export async function settleAssignment(
  session: Session,
  old: AssignmentState | undefined,
  inputs: AssignmentInputs,
): Promise<Settlement> {
  const label = inputs.resourceName ?? "FindingsAssignment";
  const assigneeId = await session.assignees.resolve(inputs.assignee);
  claimFindings(session, inputs, assigneeId);
  const leftOut = leftOutBy(old, inputs);
  const findingIds = without(inputs.findingIds, leftOut);
  const plan = planAssignment(old && stillHeld(session, old), { assigneeId, findingIds });
  const [assigned, released] = await Promise.all([
    assignFindings(session, label, plan.assign, assigneeId),
    releaseFindings(session, {
      label,
      findingIds: plan.release,
      assigneeIds: old ? ownersOf(old) : [],
      acceptedAt: old ? acceptedAtOf(old) : () => undefined,
    }),
  ]);
  return conclude(session, { old, inputs, assigneeId, plan, assigned, released, label, leftOut });
}

/** A deployment that finishes an earlier one leaves out what that has found missing: it would sink the batch of the rest again. */
function leftOutBy(old: AssignmentState | undefined, inputs: AssignmentInputs): string[] {
  const finishes = old !== undefined && old.failures.length > 0 && inputs.onMissing === "ignore";
  return finishes ? common(inputs.findingIds, old.missing) : [];
}

/** What the state holds; what was released or given away since is in doubt, unless this process itself released it. */
function stillHeld(session: Session, old: AssignmentState): Holding {
  const { releaseAttempts: released } = session;
  const holding = holdingOf(old);
  const lost = lostFindings(session, old);
  return {
    assigneeId: holding.assigneeId,
    findingIds: without(holding.findingIds, lost),
    doubtful: without([...holding.doubtful, ...lost], released),
    releasing: without(holding.releasing, released),
  };
}

/** Everybody to whom findings of this state may still belong through us. */
export function ownersOf(state: AssignmentState): string[] {
  return [state.assigneeId, ...state.formerAssigneeIds];
}

interface Conclusion {
  readonly old: AssignmentState | undefined;
  readonly inputs: AssignmentInputs;
  readonly assigneeId: string;
  readonly plan: AssignmentPlan;
  readonly assigned: ChangeReport;
  readonly released: ChangeReport;
  readonly label: string;
  readonly leftOut: readonly string[];
}

function conclude(session: Session, conclusion: Conclusion): Settlement {
  const { old, inputs, assigneeId, plan, assigned, released, label, leftOut } = conclusion;
  const ignored = inputs.onMissing === "ignore" ? assigned.missing.map((problem) => problem.findingId) : [];
  if (ignored.length > 0) {
    session.print(`${label}: ${ignored.length} findings do not exist and are left out: ${firstTen(ignored)}`);
  }
  const open = [
    ...assigned.failed,
    ...(inputs.onMissing === "fail" ? assigned.missing : []),
    ...released.failed,
  ];
  const pending = inputs.onMissing === "ignore" ? [...assigned.unclear, ...released.unclear] : [];
  if (pending.length > 0) {
    session.print(
      `${label}: ${pending.length} findings, of which some may not exist, wait for the next deployment: ${firstTen(pending)}`,
    );
  }
  const waits = new Set(pending);
  const failures = open.filter(({ findingId }) => !waits.has(findingId));
  const warnings = [...assigned.warnings, ...released.warnings];
  for (const warning of warnings)
    session.print(`${label}: warning: ${warning.findingId}: ${warning.title}: ${warning.detail}`);
  const acceptedAt = latest(assigned.acceptedAt, released.acceptedAt);
  const state: AssignmentState = {
    findingIds: findingSet([...plan.keep, ...assigned.done]),
    assignee: inputs.assignee,
    assigneeId,
    failures: open,
    warnings: [...keptWarnings(old, inputs, warnings), ...warnings],
    onMissing: inputs.onMissing,
    missing: findingSet([...leftOut, ...ignored]),
    releasing: findingSet(released.failed.map((problem) => problem.findingId)),
    formerAssigneeIds: open.length > 0 && old ? without(findingSet(ownersOf(old)), [assigneeId]) : [],
    ...lastAssignment(old, assigned, session.clock.now()),
    ...lastRelease(session, old, inputs, plan.release),
    resourceName: inputs.resourceName,
  };
  return {
    state,
    failures,
    attempted: plan.assign.length + plan.release.length,
    succeeded: assigned.done.length + released.done.length,
    ambiguous: assigned.ambiguous.length + released.ambiguous.length,
    changed: acceptedAt !== undefined || assigned.ambiguous.length > 0 || assigned.done.length > 0,
  };
}

/** Earlier assignments count as made with the last one, as long as the search may not have shown them by then. */
function lastAssignment(
  old: AssignmentState | undefined,
  assigned: ChangeReport,
  now: number,
): Pick<AssignmentState, "assignedAt" | "lately"> {
  const before = pastTime(old?.assignedAt, now);
  const assignedAt = latest(before, assigned.acceptedAt);
  const fresh = (assignedAt ?? 0) - (before ?? 0) < SEARCH_LAG_MS;
  return { assignedAt, lately: [...(fresh ? (old?.lately ?? []) : []), ...assigned.done] };
}

/** Of an earlier release that no later one has replaced, what is declared again needs no mention, and after a day none of it. */
function lastRelease(
  session: Session,
  old: AssignmentState | undefined,
  inputs: AssignmentInputs,
  findingIds: readonly string[],
): Pick<AssignmentState, "released" | "releasedAt"> {
  const accepted = findingIds.flatMap((findingId) => {
    const ack = session.accepted.last(findingId);
    return ack?.assigneeId === null ? { findingId, acceptedAt: ack.acceptedAt } : [];
  });
  if (accepted.length > 0) {
    return {
      released: accepted.map(({ findingId }) => findingId),
      releasedAt: accepted.reduce((last, { acceptedAt }) => Math.max(last, acceptedAt), 0),
    };
  }
  const released = without(old?.released ?? [], inputs.findingIds);
  return { released, releasedAt: released.length > 0 ? old?.releasedAt : undefined };
}

/** A warning stays as long as its finding does, until that is changed anew. */
function keptWarnings(
  old: AssignmentState | undefined,
  inputs: AssignmentInputs,
  anew: readonly FindingProblem[],
): FindingProblem[] {
  const declared = new Set(common(inputs.findingIds, old?.findingIds ?? []));
  const replaced = new Set(anew.map((warning) => warning.findingId));
  return (old?.warnings ?? []).filter(({ findingId }) => declared.has(findingId) && !replaced.has(findingId));
}

function latest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}
