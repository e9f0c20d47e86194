import { findingSet, without } from "../core/findingSet";
import { judgeOwner } from "../core/ownerJudgement";
import { PermissionError } from "../datadog/errors/permissionError";
import {
  type AssignmentState,
  acceptedAtOf,
  declaredIds,
  inputsOf,
  parseState,
  storeInputs,
  storeState,
} from "./assignmentState";
import { lookUpOwners } from "./lookUpOwners";
import { firstTen } from "./messages";
import type { ObservedFindings } from "./ownerLookup";
import type { Session } from "./session";

export interface ReadResult {
  readonly id: string;
  readonly props: Record<string, unknown>;
  /** Only where something drifted: without them the engine keeps the inputs that it has. */
  readonly inputs?: Record<string, unknown>;
}

/**
 * Compares the state with what Datadog says. What somebody changed by hand leaves the findings of the state, so that the next
 * deployment adds it again and repairs just that; without drift the result is the state, byte for byte.
 */
export async function readAssignment(
  session: Session,
  id: string,
  props: Readonly<Record<string, unknown>>,
): Promise<ReadResult> {
  const state = parseState(props);
  const label = state.resourceName ?? "FindingsAssignment";
  const declared = declaredIds(state);
  const settled = [...state.findingIds, ...state.missing];
  try {
    const observed = await lookUpOwners(session, label, settled);
    return describeDrift(session, { id, props, state, label, declared, observed });
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    session.print(`${label}: cannot tell whether somebody has changed owners by hand: ${error.message}`);
    return { id, props };
  }
}

interface Reading {
  readonly id: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly state: AssignmentState;
  readonly label: string;
  readonly declared: readonly string[];
  readonly observed: ObservedFindings;
}

function describeDrift(session: Session, reading: Reading): ReadResult {
  const { id, props, state, label, declared } = reading;
  noteUnreadable(session, reading);
  const { ours, missing, drifted } = sort(session, reading);
  const next: AssignmentState = { ...state, findingIds: findingSet(ours), missing: findingSet(missing) };
  if (sameIds(next.findingIds, state.findingIds) && sameIds(next.missing, state.missing))
    return { id, props };
  if (drifted.length === 0) return { id, props: storeState(next) };
  noteOwners(session, drifted, reading.observed);
  session.print(`${label}: ${drifted.length} findings are not as declared: ${firstTen(drifted)}`);
  return { id, props: storeState(next), inputs: storeInputs(inputsOf(state, without(declared, drifted))) };
}

function noteUnreadable(session: Session, { label, observed }: Reading): void {
  const ids = [...observed.unreadable];
  if (ids.length === 0) return;
  session.print(
    `${label}: ${ids.length} findings stay as they are in the state, because what the search says of them cannot be read: ${firstTen(ids)}`,
  );
}

/** What somebody has changed is no longer as we left it: the next deployment need not ask again. */
function noteOwners(session: Session, drifted: readonly string[], { findings }: ObservedFindings): void {
  session.accepted.forget(drifted.filter((id) => findings.has(id)));
}

/**
 * Ours, left out as missing, or drifted. An open failure stays one and is tried again: an index that lags may show the declared
 * owner from before a change that we do not know of.
 */
function sort(session: Session, { state, observed }: Reading) {
  const acceptedAt = acceptedAtOf(state);
  const ours: string[] = [];
  const missing: string[] = [];
  const drifted: string[] = [];
  const wasMissing = new Set(state.missing);
  for (const findingId of [...state.findingIds, ...state.missing]) {
    if (observed.unreadable.has(findingId)) {
      (wasMissing.has(findingId) ? missing : ours).push(findingId);
      continue;
    }
    const verdict = judge(session, state, findingId, observed, acceptedAt(findingId));
    if (verdict === "asLeft") ours.push(findingId);
    else if (verdict === "missing" && state.onMissing === "ignore") missing.push(findingId);
    else drifted.push(findingId);
  }
  return { ours, missing, drifted };
}

function sameIds(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}

function judge(
  session: Session,
  state: AssignmentState,
  findingId: string,
  observed: ObservedFindings,
  stateSays: number | undefined,
): ReturnType<typeof judgeOwner> {
  const finding = observed.findings.get(findingId);
  const owner = finding && {
    assigneeId: finding.assignee?.id ?? null,
    updatedAt: finding.assignee?.updatedAt,
  };
  const ack = session.accepted.last(findingId);
  const acceptedAt = ack?.assigneeId === state.assigneeId ? ack.acceptedAt : stateSays;
  return judgeOwner(owner, { assigneeId: state.assigneeId, acceptedAt }, observed.answeredAt);
}
