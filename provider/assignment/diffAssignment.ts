import { BATCH_SIZE } from "../core/batches";
import { common, without } from "../core/findingSet";
import type { Finding } from "../datadog/model/findingsApi";
import { nameIn } from "../engine/nameIn";
import { containsUnknown } from "../engine/unknown";
import { lookUpOwners } from "../session/lookUpOwners";
import { proveAccount } from "../session/proveAccount";
import type { Session } from "../session/session";
import { isSomebodyElses, judgeRelease } from "../transfer/judgeRelease";
import { parseInputs } from "./assignmentInputs";
import { type AssignmentState, acceptedAtOf, ownersOf, parseState } from "./assignmentState";
import { claimFindings } from "./declaredTwice";
import { findingsToAssign } from "./findingsToAssign";
import { findingsToReassign, noteState, releasesToUndo } from "./findingsToReassign";
import { previewOwners } from "./previewAssignment";

export interface DiffResult {
  readonly changes: boolean;
}

/**
 * Taken over the set of findings: changed only if an id was added or removed, the assignee changed, or an
 * earlier failure or release is still open; or if a declared finding was released for another resource since.
 * Never a replacement.
 * @throws Error where another resource has claimed a declared finding for another user
 * @throws OtherOrganisationError where the keys belong to another organisation than the state
 */
export async function diffAssignment(
  ofProgram: Session,
  resourceId: string,
  olds: unknown,
  news: Readonly<Record<string, unknown>>,
): Promise<DiffResult> {
  const state = parseState(olds);
  const label = state.resourceName ?? "FindingsAssignment";
  const isOfRefresh = ofProgram.refreshed.isOfRefresh("assignment", state.resourceName, nameIn(news));
  const session = isOfRefresh ? ofProgram.ofRefresh() : ofProgram;
  noteState(session, resourceId, state);
  const isUnknown = containsUnknown([news.findingIds, news.assignee, news.onMissing]);
  const inputs = isUnknown ? undefined : parseInputs(news);
  const sameAssignee = state.assignee.toLowerCase() === inputs?.assignee.toLowerCase();
  // Before anything is awaited: another resource that declares a finding for somebody else must see this
  // claim. The states of a deployment that failed half-way may contradict each other.
  if (inputs && sameAssignee && !isOfRefresh) claimFindings(session, inputs, state.assigneeId);
  const { account, assigneeId } = state;
  await proveAccount(session, {
    label,
    account,
    ownerId: assigneeId,
    isShown: () => isShown(session, label, state),
  });
  if (!inputs) return { changes: true };
  noteLeaving(session, label, state, without(state.findingIds, inputs.findingIds));
  const coming = findingsToAssign(state, inputs);
  await previewOwners(session, inputs, coming, state.findingIds);
  return {
    changes:
      state.failures.length > 0 ||
      state.pendingReleases.length > 0 ||
      common(inputs.findingIds, findingsToReassign(session, resourceId, state)).length > 0 ||
      releasesToUndo(session, resourceId, state).size > 0 ||
      !sameAssignee ||
      state.onMissing !== inputs.onMissing ||
      coming.length > 0 ||
      without([...state.findingIds, ...state.missing], inputs.findingIds).length > 0,
  };
}

/** For the rules of the program, which may take them. */
function noteLeaving(
  { leaving }: Pick<Session, "leaving">,
  label: string,
  state: AssignmentState,
  findingIds: readonly string[],
): void {
  const held = { ownersOf: ownersOf(state), acceptedAt: acceptedAtOf(state) };
  const isOurs = (finding: Finding, now: number) =>
    !isSomebodyElses(judgeRelease(held, finding.id, finding, now), finding);
  for (const id of findingIds) leaving.set(id, { label, isOurs });
}

/** Whether the search knows one of the first findings: they have their ids in one organisation only. */
async function isShown(
  session: Session,
  label: string,
  { findingIds }: AssignmentState,
): Promise<boolean | undefined> {
  if (findingIds.length === 0) return undefined;
  const { findings, unreadable } = await lookUpOwners(session, label, findingIds.slice(0, BATCH_SIZE));
  return findings.size + unreadable.size > 0;
}
