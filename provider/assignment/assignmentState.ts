import { z } from "zod";
import type { Holding } from "../core/assignmentPlan";
import { findingSet, without } from "../core/findingSet";
import { SEARCH_LAG_MS } from "../core/ownerJudgement";
import type { FindingProblem } from "../datadog/model/findingsApi";
import { type DatadogAccount, storedAccount } from "../session/datadogAccount";
import {
  type Acceptance,
  acceptanceTimes,
  parseAcceptances,
  storeAcceptances,
  storedAcceptances,
} from "./acceptanceTimes";
import type { AssignmentInputs, OnMissing } from "./assignmentInputs";
import {
  type PossibleOwner,
  parsePossibleOwners,
  storedPossibleOwners,
  storePossibleOwners,
} from "./possibleOwners";

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
  pendingReleases: z.array(z.string()).default([]),
  kept: z.array(z.string()).default([]),
  possibleOwners: storedPossibleOwners.default([]),
  recentlyAssigned: storedAcceptances.default([]),
  released: z.array(z.string()).default([]),
  releasedAt: z.string().optional(),
  account: storedAccount,
  resourceName: z.string().optional(),
});

/**
 * The outputs of a FindingsAssignment, as the state stores them. Each declared finding stands in exactly one
 * of `findingIds`, `failures` and `missing`: with the inputs an id is stored at most twice. The one exception
 * are `warnings`, which name the finding once more: it is assigned, so it stands in `findingIds`, and the
 * warning is what users read.
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
  /**
   * Findings that left the set and may still be ours: their release failed, or they were moved to a resource
   * that has not been seen to have them.
   */
  readonly pendingReleases: readonly string[];
  /**
   * Findings that left the set and keep our user, since another finding of their ticket is declared or has
   * another owner. The next update or delete tries again: they may have been detached from the ticket.
   */
  readonly kept: readonly string[];
  /**
   * Whose those of `failures`, `pendingReleases` and `kept` may be through us. A finding that Datadog
   * refused, and that we never gave to anybody, is nobody's.
   */
  readonly possibleOwners: readonly PossibleOwner[];
  /**
   * When Datadog accepted the last assignment, and those shortly before it that the search may not have shown
   * by then.
   */
  readonly recentlyAssigned: readonly Acceptance[];
  /**
   * What the last update with removals unassigned: another resource that declares one of these too has to
   * assign it anew.
   */
  readonly released: readonly string[];
  /** When Datadog accepted that, ms since the epoch by its clock. */
  readonly releasedAt: number | undefined;
  /** Whose findings these are; undefined: not known. */
  readonly account: DatadogAccount | undefined;
  readonly resourceName: string | undefined;
}

/** Parses stored outputs, those of earlier versions included. */
export function parseState(props: unknown): AssignmentState {
  const { recentlyAssigned, possibleOwners, releasedAt, account, resourceName, ...rest } = state.parse(props);
  const ids = knownIds(rest);
  return {
    ...rest,
    possibleOwners: parsePossibleOwners(possibleOwners, ids),
    recentlyAssigned: parseAcceptances(recentlyAssigned, ids),
    releasedAt: releasedAt ? Date.parse(releasedAt) : undefined,
    account,
    resourceName,
  };
}

/** All ids that the state holds, sorted: other lists are stored as positions in this one. */
function knownIds({
  findingIds,
  failures,
  pendingReleases,
  kept,
}: Pick<AssignmentState, "findingIds" | "failures" | "pendingReleases" | "kept">): string[] {
  return findingSet([...findingIds, ...failedIn({ failures }), ...pendingReleases, ...kept]);
}

/**
 * When Datadog accepted our assignment of a finding; undefined: so long ago that the search shows it, or
 * never.
 */
export function acceptedAtOf({
  recentlyAssigned,
}: Pick<AssignmentState, "recentlyAssigned">): (findingId: string) => number | undefined {
  return acceptanceTimes(recentlyAssigned);
}

/** Findings whose last change failed: Datadog may have made it all the same. */
export function failedIn({ failures }: Pick<AssignmentState, "failures">): ReadonlySet<string> {
  return new Set(failures.map(({ findingId }) => findingId));
}

/** To whom we gave a finding, or may have: whoever else has it has it from somebody else. */
export function ownersOf({
  assigneeId,
  findingIds,
  possibleOwners,
}: AssignmentState): (findingId: string) => readonly string[] {
  const owners = new Map<string, string[]>();
  for (const owner of [...possibleOwners, { assigneeId, findingIds }])
    for (const id of owner.findingIds) owners.set(id, [...(owners.get(id) ?? []), owner.assigneeId]);
  return (findingId) => owners.get(findingId) ?? [];
}

/**
 * A finding without a time in `recentlyAssigned` was accepted before this time, ms since the epoch: an entry
 * is kept for as long as the search may lag behind it. undefined: the state has no times.
 */
export function recordedSince({ recentlyAssigned: [latest] }: AssignmentState): number | undefined {
  return latest && latest.at - SEARCH_LAG_MS;
}

/**
 * Plain JSON without undefined, which the engine would refuse; what is empty and not for users is left out.
 */
export function storeState(state: AssignmentState): Record<string, unknown> {
  const { findingIds, assignee, assigneeId, failures, warnings, missing } = state;
  const { pendingReleases, kept } = state;
  const ids = knownIds(state);
  const recentlyAssigned = storeAcceptances(state.recentlyAssigned, ids);
  const possibleOwners = storePossibleOwners(state.possibleOwners, ids);
  return {
    findingIds,
    assignee,
    assigneeId,
    failures,
    warnings,
    ...(state.onMissing !== "fail" && { onMissing: state.onMissing }),
    ...(missing.length > 0 && { missing }),
    ...(pendingReleases.length > 0 && { pendingReleases }),
    ...(kept.length > 0 && { kept }),
    ...(possibleOwners.length > 0 && { possibleOwners }),
    ...(recentlyAssigned.length > 0 && { recentlyAssigned }),
    ...(state.released.length > 0 && { released: state.released }),
    ...(state.releasedAt !== undefined && { releasedAt: new Date(state.releasedAt).toISOString() }),
    ...(state.account !== undefined && { account: state.account }),
    ...(state.resourceName !== undefined && { resourceName: state.resourceName }),
  };
}

/** What the state holds, in the words of the plan. */
export function holdingOf(state: AssignmentState): Holding {
  return {
    assigneeId: state.assigneeId,
    findingIds: state.findingIds,
    pendingReleases: state.pendingReleases,
    doubtful: without(
      state.possibleOwners.flatMap(({ findingIds }) => findingIds),
      state.pendingReleases,
    ),
  };
}

/** The ids that the program declared when this state was written. */
export function declaredIds(state: AssignmentState): string[] {
  const failed = without([...failedIn(state)], state.pendingReleases);
  return findingSet([...state.findingIds, ...state.missing, ...failed]);
}

/**
 * The inputs that this state was made from; with drift the drifted ids are left out, so that they show as to
 * be added.
 */
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
