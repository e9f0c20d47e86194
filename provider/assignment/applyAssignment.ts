import { type AssignmentPlan, type Holding, planAssignment } from "../core/assignmentPlan";
import { common, findingSet, without } from "../core/findingSet";
import { groupBy } from "../core/groupBy";
import type { FindingProblem } from "../datadog/model/findingsApi";
import type { Session } from "../session/session";
import { assignFindings, type ChangeReport } from "../transfer/assignFindings";
import { warnOfTakenFromRules } from "../transfer/givenByRules";
import { type ReleaseReport, releaseFindings } from "../transfer/releaseFindings";
import { addAcceptances, withoutFindings } from "./acceptanceTimes";
import type { AssignmentInputs } from "./assignmentInputs";
import { type AssignmentState, acceptedAtOf, failedIn, holdingOf, ownersOf } from "./assignmentState";
import { claimFindings } from "./declaredTwice";
import type { AssignedTo } from "./describeChanges";
import { findingsToReassign, noteState, releasesToUndo } from "./findingsToReassign";
import { explainOutcome, tellOutcome } from "./listOutcome";
import { noteFormerOwners } from "./noteFormerOwners";
import { possibleOwners } from "./possibleOwners";

export interface AppliedAssignment {
  readonly state: AssignmentState;
  /**
   * What the deployment fails with; empty: everything is as declared, or may be missing and is tried again by
   * the next.
   */
  readonly reasons: string[];
  /** Whether Datadog changed anything, or may have. */
  readonly changed: boolean;
}

/**
 * Brings Datadog from what the state holds to what the program declares, sending only the delta.
 * @param resourceId as the state has it, or will have it
 * @throws Error before anything is sent where another resource has claimed a finding for another user
 */
export async function applyAssignment(
  session: Session,
  resourceId: string,
  old: AssignmentState | undefined,
  inputs: AssignmentInputs,
): Promise<AppliedAssignment> {
  const label = inputs.resourceName ?? "FindingsAssignment";
  // The engine asks for no diff of a resource whose last deployment failed.
  if (old) noteState(session, resourceId, old);
  const preparing = prepare(session, label, resourceId, old, inputs);
  const assigning = session.assigning.during(inputs.findingIds, async () => {
    const { assigneeId, plan } = await preparing;
    warnOfTakenFromRules(session, label, plan.assign, assigneeId);
    const report = await assignFindings(session, label, plan.assign, assigneeId);
    session.seenStates.miss(report.missing.map(({ findingId }) => findingId));
    return report;
  });
  const releasing = preparing.then(({ plan }) => release(session, label, resourceId, old, plan));
  const restoring = preparing.then(() => restoreReleased(session, label, resourceId, old));
  const [prepared, assigned, released, restored] = await Promise.all([
    preparing,
    assigning,
    releasing,
    restoring,
  ]);
  return conclude(session, { old, inputs, ...prepared, assigned, released, restored, label });
}

interface PreparedAssignment {
  readonly assigneeId: string;
  readonly plan: AssignmentPlan;
  /** Declared findings that do not exist, and that this deployment does not try again. */
  readonly leftOut: readonly string[];
}

async function prepare(
  session: Session,
  label: string,
  resourceId: string,
  old: AssignmentState | undefined,
  inputs: AssignmentInputs,
): Promise<PreparedAssignment> {
  if (old) await session.account.verify(label, old.account, old.assigneeId, session.cancelled);
  const assigneeId = await session.assignees.resolve(inputs.assignee);
  claimFindings(session, inputs, assigneeId);
  session.claims.begin(inputs.findingIds);
  const leftOut = leftOutBy(old, inputs);
  const plan = planAssignment(old && stillHeld(session, resourceId, old), {
    assigneeId,
    findingIds: without(inputs.findingIds, leftOut),
  });
  // Which may show a ticket of which other findings are declared for somebody else.
  if (await noteFormerOwners(session, label, plan.assign, assigneeId))
    claimFindings(session, inputs, assigneeId);
  return { assigneeId, plan, leftOut };
}

/**
 * A deployment that finishes an earlier one leaves out what that has found missing: it would sink the batch
 * of the rest again.
 */
function leftOutBy(old: AssignmentState | undefined, inputs: AssignmentInputs): string[] {
  const finishes = old !== undefined && old.failures.length > 0 && inputs.onMissing === "ignore";
  return finishes ? common(inputs.findingIds, old.missing) : [];
}

/**
 * What the state holds; what was released or given away since is in doubt, unless this process itself
 * released it.
 */
function stillHeld(session: Session, resourceId: string, old: AssignmentState): Holding {
  const { releaseAttempts } = session;
  const holding = holdingOf(old);
  const lost = findingsToReassign(session, resourceId, old);
  return {
    assigneeId: holding.assigneeId,
    findingIds: without(holding.findingIds, lost),
    doubtful: without([...holding.doubtful, ...lost], releaseAttempts),
    pendingReleases: without(holding.pendingReleases, releaseAttempts),
  };
}

function release(
  session: Session,
  label: string,
  resourceId: string,
  old: AssignmentState | undefined,
  { release: findingIds }: AssignmentPlan,
): Promise<ReleaseReport> {
  return releaseFindings(session, {
    label,
    resourceId,
    account: old?.account,
    findingIds,
    ownersOf: old ? ownersOf(old) : () => [],
    acceptedAt: old ? acceptedAtOf(old) : () => undefined,
    failed: old ? failedIn(old) : new Set(),
  });
}

type RestoredFindings = ChangeReport & AssignedTo;

/** Assigns again what an earlier deployment released although another resource declares it. */
function restoreReleased(
  session: Session,
  label: string,
  resourceId: string,
  old: AssignmentState | undefined,
): Promise<RestoredFindings[]> {
  const owners = old ? releasesToUndo(session, resourceId, old) : new Map<string, string>();
  const byOwner = groupBy(owners.keys(), (id) => owners.get(id) ?? "");
  return Promise.all(
    [...byOwner].map(async ([assigneeId, ids]) => ({
      ...(await assignFindings(session, label, ids, assigneeId)),
      assigneeId,
    })),
  );
}

interface Conclusion extends PreparedAssignment {
  readonly old: AssignmentState | undefined;
  readonly inputs: AssignmentInputs;
  readonly assigned: ChangeReport;
  readonly released: ReleaseReport;
  readonly restored: readonly RestoredFindings[];
  readonly label: string;
}

function conclude(session: Session, conclusion: Conclusion): AppliedAssignment {
  const { old, inputs, assigneeId, plan, assigned, released, restored, label, leftOut } = conclusion;
  const isIgnoring = inputs.onMissing === "ignore";
  const ignored = isIgnoring ? assigned.missing.map((problem) => problem.findingId) : [];
  const outcome = { ...conclusion, formerIds: old?.findingIds ?? [] };
  tellOutcome(session, label, outcome);
  const open = [...assigned.failed, ...(isIgnoring ? [] : assigned.missing), ...released.failed];
  const warnings = [assigned, released, ...restored].flatMap((report) => report.warnings);
  const pendingReleases = findingSet([
    ...released.failed.map((problem) => problem.findingId),
    ...released.moving,
  ]);
  const inDoubt = new Set(assigned.ambiguous);
  // Others, which another organisation may have, prove nothing.
  if (old?.findingIds.some((id) => assigned.accepted.has(id))) session.account.confirm(old.account);
  const heldBy = old ? ownersOf(old) : () => [];
  const kept = without(findingSet(released.kept), pendingReleases);
  const unfinished = new Set([...open.map(({ findingId }) => findingId), ...pendingReleases, ...kept]);
  for (const { findingId } of assigned.missing) unfinished.delete(findingId);
  const state: AssignmentState = {
    findingIds: findingSet([...plan.keep, ...assigned.done]),
    assignee: inputs.assignee,
    assigneeId,
    failures: open,
    warnings: [...keptWarnings(old, inputs, warnings), ...warnings],
    onMissing: inputs.onMissing,
    missing: findingSet([...leftOut, ...ignored]),
    pendingReleases,
    kept,
    possibleOwners: possibleOwners(unfinished, (id) => [
      ...heldBy(id),
      ...[inDoubt.has(id) ? assigneeId : [], released.successors.get(id) ?? []].flat(),
    ]),
    recentlyAssigned: withoutFindings(addAcceptances(old?.recentlyAssigned ?? [], assigned.accepted), kept),
    ...lastRelease(session, old, inputs, plan.release, restored),
    account: session.account.after(old?.account),
    resourceName: inputs.resourceName,
  };
  const isInDoubt = [assigned, released, ...restored].some(({ ambiguous }) => ambiguous.length > 0);
  const accepted = [assigned, released].some(({ acceptedAt }) => acceptedAt !== undefined);
  return {
    state,
    reasons: explainOutcome(session, outcome),
    changed: accepted || isInDoubt || assigned.done.length > 0,
  };
}

/**
 * What the last update with removals unassigned; what is declared again since, or was given back, needs no
 * mention.
 */
function lastRelease(
  session: Session,
  old: AssignmentState | undefined,
  inputs: AssignmentInputs,
  findingIds: readonly string[],
  restored: readonly ChangeReport[],
): Pick<AssignmentState, "released" | "releasedAt"> {
  const accepted = findingIds.flatMap((findingId) => {
    const last = session.accepted.last(findingId);
    return last?.assigneeId === null ? { findingId, acceptedAt: last.acceptedAt } : [];
  });
  if (accepted.length > 0) {
    return {
      released: accepted.map(({ findingId }) => findingId),
      releasedAt: accepted.reduce((last, { acceptedAt }) => Math.max(last, acceptedAt), 0),
    };
  }
  const settled = [...inputs.findingIds, ...restored.flatMap(({ done }) => done)];
  const released = without(old?.released ?? [], settled);
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
