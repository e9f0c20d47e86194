import { countOf } from "../core/count";
import { findingSet, without } from "../core/findingSet";
import { groupBy } from "../core/groupBy";
import { judgeOwner, SEARCH_LAG_MS } from "../core/ownerJudgement";
import { MissingCredentialsError, PermissionError, RequestError } from "../datadog/errors";
import type { Finding } from "../datadog/model/findingsApi";
import { ROTATED_KEYS } from "../messages/advise";
import { firstIds } from "../messages/messages";
import { lookUpOwners } from "../session/lookUpOwners";
import type { ObservedFindings } from "../session/ownerLookup";
import type { Session } from "../session/session";
import { staleOwner } from "../session/staleOwner";
import {
  type AssignmentState,
  acceptedAtOf,
  declaredIds,
  inputsOf,
  ownersOf,
  parseState,
  storeInputs,
  storeState,
} from "./assignmentState";
import { describeLagging } from "./describeLagging";
import { possibleOwners } from "./possibleOwners";

export interface ReadResult {
  readonly id: string;
  readonly props: Record<string, unknown>;
  /** Only where something drifted: without them the engine keeps the inputs that it has. */
  readonly inputs?: Record<string, unknown>;
}

/**
 * Compares the state with what Datadog says. What somebody changed by hand leaves the findings of the state,
 * so that the next deployment adds it again and repairs just that; an e-mail that has passed to another user
 * is the former user's UUID from then on. Without drift the result is the state, byte for byte. What the
 * search does not show stays, and is told: only a PATCH proves that a finding is gone.
 * @throws OtherOrganisationError where the keys belong to another organisation than the state
 */
export async function readAssignment(
  session: Session,
  id: string,
  props: Readonly<Record<string, unknown>>,
): Promise<ReadResult> {
  const state = parseState(props);
  const label = state.resourceName ?? "FindingsAssignment";
  session.refreshed.noteRead("assignment", state.resourceName);
  await session.account.verify(label, state.account, state.assigneeId, session.cancelled);
  try {
    const [observed, hasMoved] = await Promise.all([
      lookUpOwners(session, label, [...state.findingIds, ...state.missing]),
      warnOfStaleOwner(session, label, state),
    ]);
    const reading = classifyFindings(state, observed);
    describeReading(session, label, state, reading, observed);
    return resultOf(session, { id, props, state, reading, hasMoved });
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    session.print(
      `${label}: cannot tell whether somebody has changed owners by hand: ${error.message}; ${ROTATED_KEYS}`,
    );
    return { id, props };
  }
}

/** @returns whether the declared name belongs to another user by now */
async function warnOfStaleOwner(session: Session, label: string, state: AssignmentState): Promise<boolean> {
  if (state.findingIds.length === 0) return false;
  const { assignee, assigneeId } = state;
  const known = await staleOwner(session, assignee, [assigneeId]).catch((error: unknown) => {
    if (error instanceof RequestError || error instanceof MissingCredentialsError) return undefined;
    throw error;
  });
  if (known === undefined) return false;
  const are = state.findingIds.length === 1 ? "is" : "are";
  session.print(
    `${label}: warning: ${known.problem}; ${countOf(state.findingIds, "finding")} of this resource ${are} with the owner of the last deployment`,
  );
  return known.hasMoved;
}

/** What became of the findings of a state; each is in exactly one list. */
interface Reading {
  /** Shown with our user. */
  readonly asLeft: string[];
  /** Left out as missing, and still not shown. */
  readonly missing: string[];
  /** Left out as missing, and shown again. Whoever has them now, we have not given them to anybody. */
  readonly returned: string[];
  /** Somebody has changed their owner. */
  readonly drifted: string[];
  /** The search may not show our change yet. */
  readonly lagging: string[];
  /** Not shown at all. */
  readonly unseen: string[];
  /** Shown in a form that cannot be read. */
  readonly unreadable: string[];
}

function classifyFindings(state: AssignmentState, observed: ObservedFindings): Reading {
  const reading: Reading = {
    asLeft: [],
    missing: [],
    returned: [],
    drifted: [],
    lagging: [],
    unseen: [],
    unreadable: [],
  };
  const acceptedAt = acceptedAtOf(state);
  for (const id of state.findingIds) {
    if (observed.unreadable.has(id)) reading.unreadable.push(id);
    else reading[placeOf(state, observed.findings.get(id), acceptedAt(id), observed.answeredAt)].push(id);
  }
  for (const id of state.missing) {
    reading[observed.findings.has(id) ? "returned" : "missing"].push(id);
  }
  return reading;
}

function placeOf(
  { assigneeId }: AssignmentState,
  finding: Finding | undefined,
  acceptedAt: number | undefined,
  now: number,
): "asLeft" | "drifted" | "lagging" | "unseen" {
  if (!finding) return "unseen";
  const { assignee } = finding;
  const owner = { assigneeId: assignee?.id ?? null, updatedAt: assignee?.updatedAt };
  const judgement = judgeOwner(owner, { assigneeId, acceptedAt }, now);
  switch (judgement) {
    case "asLeft":
    case "unseen":
      return judgement;
    case "mayLag":
      return "lagging";
    case "outdated":
      // Longer than the search may lag: sending it again does no harm, and would repair a change that was
      // lost.
      return now - (acceptedAt ?? 0) < SEARCH_LAG_MS ? "lagging" : "drifted";
    case "nobody":
    case "somebodyElse":
      return "drifted";
  }
}

function describeReading(
  session: Session,
  label: string,
  state: AssignmentState,
  reading: Reading,
  observed: ObservedFindings,
): void {
  const { drifted, returned, lagging, unseen, unreadable } = reading;
  const say = (line: string, ids: readonly string[]) => session.print(`${label}: ${line}: ${firstIds(ids)}`);
  const are = (ids: readonly string[]) => (ids.length === 1 ? "is" : "are");
  for (const [owner, ids] of presentOwners(session, drifted, observed)) {
    const them = ids.length === 1 ? "it" : "them";
    const owns = `${owner} ${owner === SEVERAL ? "own" : "owns"} ${them} now`;
    say(`${countOf(ids, "finding")} ${are(ids)} not as declared, ${owns}`, ids);
  }
  if (returned.length > 0) {
    const [exists, them] = returned.length === 1 ? ["exists", "it"] : ["exist", "them"];
    say(`${countOf(returned, "finding")} ${exists} again: the next pulumi up assigns ${them}`, returned);
  }
  const followers = groupBy(
    drifted.flatMap((id) => observed.findings.get(id) ?? []),
    ({ ticket }) => ticket?.key,
  );
  for (const [key, findings] of followers) {
    const has = findings.length === 1 ? "has" : "have";
    if (key !== undefined) {
      say(
        `${countOf(findings, "finding")} ${has} the ticket ${key}, whose findings Datadog gives to one owner`,
        findings.map(({ id }) => id),
      );
    }
  }
  for (const line of describeLagging(state, lagging, observed)) session.print(`${label}: ${line}`);
  if (unseen.length > 0) {
    const [they, stay] = unseen.length === 1 ? ["it", "stays"] : ["they", "stay"];
    say(
      `the search does not show ${countOf(unseen, "finding")}: gone, hidden from these keys or not indexed yet; ` +
        `${they} ${stay} in the state, because ${they} may still exist`,
      unseen,
    );
  }
  if (unreadable.length > 0) {
    const stay = unreadable.length === 1 ? "stays as it is" : "stay as they are";
    say(
      `${countOf(unreadable, "finding")} ${stay} in the state, because the search's answer cannot be read`,
      unreadable,
    );
  }
}

/** So many owners have a line of their own. */
const SHOWN_OWNERS = 10;
const SEVERAL = "other users";

/** Who has findings now, by name and e-mail as far as they are known; who has most comes first. */
function presentOwners(
  { users }: Pick<Session, "users">,
  drifted: readonly string[],
  { findings }: ObservedFindings,
): [owner: string, findingIds: readonly string[]][] {
  const byOwner = groupBy(drifted, (id) => {
    const assignee = findings.get(id)?.assignee;
    return assignee ? users.label(assignee) : "nobody";
  });
  const owners = [...byOwner].sort(([, one], [, other]) => other.length - one.length);
  const rest = owners.slice(SHOWN_OWNERS).flatMap(([, ids]) => ids);
  return [
    ...owners.slice(0, SHOWN_OWNERS),
    ...(rest.length > 0 ? [[SEVERAL, rest] as [string, string[]]] : []),
  ];
}

function resultOf(
  session: Session,
  {
    id,
    props,
    state,
    reading,
    hasMoved,
  }: Pick<ReadResult, "id"> & {
    readonly props: Readonly<Record<string, unknown>>;
    readonly state: AssignmentState;
    readonly reading: Reading;
    readonly hasMoved: boolean;
  },
): ReadResult {
  const { asLeft, missing, returned, drifted, lagging, unseen, unreadable } = reading;
  const toAssign = [...drifted, ...returned];
  const findingIds = findingSet([...asLeft, ...lagging, ...unseen, ...unreadable]);
  if (toAssign.length === 0 && !hasMoved) return { id, props };
  session.accepted.forget(toAssign);
  const owners = ownersOf(state);
  const pendingReleases = findingSet([...state.pendingReleases, ...drifted]);
  const inDoubt = state.possibleOwners.flatMap((owner) => owner.findingIds);
  const next: AssignmentState = {
    ...state,
    assignee: hasMoved ? state.assigneeId : state.assignee,
    findingIds,
    missing: findingSet(missing),
    // Should the search have been behind, they are still ours: a delete releases them unless somebody else
    // has them.
    pendingReleases,
    possibleOwners: possibleOwners(findingSet([...inDoubt, ...drifted]), owners),
  };
  const inputs = storeInputs(inputsOf(next, without(declaredIds(state), toAssign)));
  return { id, props: storeState(next), inputs };
}
