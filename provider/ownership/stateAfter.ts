import { countOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import type { FindingProblem } from "../datadog/model/findingsApi";
import { handlesOf, keepsGiven, onCallHandlesOf, onlyUser } from "../rules/ruleOwners";
import { labelOf } from "../session/declaredOwnerships";
import type { Session } from "../session/session";
import type { ChangeReport } from "../transfer/assignFindings";
import { boundedVersions } from "./formerVersions";
import type { OwnershipInputs } from "./ownershipInputs";
import {
  deployedBy,
  type FormerVersion,
  givenFor,
  type OwnershipState,
  type RecentlyAssigned,
  storeFormer,
} from "./ownershipState";
import type { OwnershipPlan } from "./plannedOwnership";
import { lagOf, SEARCH_TRUST_MS } from "./searchLag";
import { countChanges } from "./shownFindings";

/** As many stand for so many or more: a page of a search says no more. */
const COUNTED_UNOWNED = 100;

/** Failures beyond this many are counted in the message, and found again by the next plan. */
const STORED_FAILURES = 100;

export interface AppliedPlan {
  readonly inputs: OwnershipInputs;
  readonly old: OwnershipState | undefined;
  readonly plan: OwnershipPlan;
  /** What became of each rule's findings. */
  readonly reports: readonly ChangeReport[];
  /** What became of the findings that no rule claims any more. */
  readonly released: ChangeReport;
  /** What no rule claims any more, and a FindingsAssignment declares without having been seen to have it. */
  readonly moving: readonly string[];
  readonly failures: readonly FindingProblem[];
}

/** What is to be known after a deployment. */
export function stateAfter(
  session: Pick<Session, "print" | "directory" | "users" | "account" | "clock" | "ownerships">,
  applied: AppliedPlan,
): OwnershipState {
  const { inputs, old, plan, reports, released, failures } = applied;
  if (released.acceptedAt !== undefined || takesOver(applied)) session.account.confirm(old?.account);
  const admitted = (name: string) => session.ownerships.admitted(inputs, name);
  const results = plan.rules.map(({ name, ownerIds }, index) => {
    const owners = inputs.spec.rules[index]?.owners;
    const assigned = reports[index]?.done.length ?? 0;
    const known = [...new Set([...ownerIds, ...admitted(name)])];
    if (known.length > 1 || (owners && onlyUser(owners) === undefined)) {
      // Also those who are right from now on only: who was on call, and is in no list.
      const assigneeIds = [...new Set([...known, ...recipientsOf(applied, index)])].sort();
      return { name, assigneeIds, assigned };
    }
    const [assigneeId] = known;
    return { name, ...(assigneeId !== undefined && { assigneeId }), assigned };
  });
  const { kept, forgotten } = boundedVersions(
    versionsAfter(applied),
    (version) => JSON.stringify(storeFormer(version, { spec: inputs.spec, results })).length,
  );
  if (forgotten.length > 0) {
    session.print(
      `${labelOf(inputs)}: warning: the state has room for ${countOf(kept, "earlier version")} of these rules only; findings that ` +
        "older versions assigned stay with their owners, even after a destroy: set releaseRemoved: true to release such " +
        "findings before their version is forgotten",
    );
  }
  return {
    spec: inputs.spec,
    results,
    total: results.reduce((sum, { assigned }) => sum + assigned, 0),
    unowned: Math.min(plan.unclaimed.count, COUNTED_UNOWNED),
    failures: failures.slice(0, STORED_FAILURES),
    former: kept,
    assignedAt: assignedAt(session, applied),
    recentlyAssigned: recentlyAssigned(applied),
    teams: session.directory.teams(inputs.spec.rules.flatMap(({ owners }) => handlesOf(owners))),
    given: givenAfter(session, applied, admitted),
    account: session.account.after(old?.account),
    resourceName: inputs.resourceName,
  };
}

/**
 * Whether Datadog accepted for somebody else what an owner of earlier rules had. Other findings may be those
 * of another organisation.
 */
function takesOver({ old, plan, reports }: AppliedPlan): boolean {
  const owners = new Set(deployedBy(old).flatMap(({ rules }) => rules.flatMap(({ ownerIds }) => ownerIds)));
  return plan.rules.some(({ pending }, index) =>
    pending.some(
      ({ id, assignee }) => assignee && owners.has(assignee.id) && reports[index]?.accepted.has(id) === true,
    ),
  );
}

/**
 * When something was last assigned, by Datadog's clock. What got no answer may have been carried out at any
 * time up to now: that is so long after the plan as this process says, whatever its clock shows.
 */
function assignedAt(
  { clock }: Pick<Session, "clock">,
  { old, plan, reports }: AppliedPlan,
): number | undefined {
  const times = reports.flatMap(({ acceptedAt, ambiguous }) => [
    ...(acceptedAt === undefined ? [] : [acceptedAt]),
    ...(ambiguous.length === 0 ? [] : [plan.answeredAt + Math.max(0, clock.now() - plan.madeAt)]),
  ]);
  return times.reduce<number | undefined>((last, at) => Math.max(last ?? 0, at), old?.assignedAt);
}

/** UUIDs of those to whom a rule has given something, or may have. */
function recipientsOf({ plan, reports }: AppliedPlan, index: number): Set<string> {
  const { done = [], ambiguous = [] } = reports[index] ?? {};
  const { recipients } = plan.rules[index] ?? {};
  return new Set([...done, ...ambiguous].flatMap((id) => recipients?.get(id) ?? []));
}

/**
 * By team who has findings since they were on call: those who got some now come first, and nobody who has
 * left.
 */
function givenAfter(
  { directory, users }: Pick<Session, "directory" | "users">,
  applied: AppliedPlan,
  admitted: (ruleName: string) => readonly string[],
): Record<string, readonly string[]> {
  const { inputs, old } = applied;
  const now = inputs.spec.rules.flatMap(({ name, owners }, index) => {
    const got = new Set([...recipientsOf(applied, index), ...admitted(name)]);
    const handles = keepsGiven(owners) ? onCallHandlesOf(owners) : [];
    return handles.map((handle) => ({
      handle,
      ids: directory.onCallNow(handle).filter((id) => got.has(id)),
    }));
  });
  const teams = [...groupBy(now, ({ handle }) => handle)].flatMap(([handle, each]) => {
    const ids = [...each.flatMap((one) => one.ids), ...(old ? givenFor(old, handle) : [])];
    const given = [...new Set(ids)].filter((id) => !users.isDisabled(id));
    return given.length > 0 ? [[handle, given] as const] : [];
  });
  return Object.fromEntries(teams);
}

/**
 * All that may hold something. Where everything was released that the search shows, only what it may not
 * show.
 */
function versionsAfter({ inputs, old, plan, moving, failures }: AppliedPlan): FormerVersion[] {
  if (failures.length > 0) {
    const openUntil = plan.answeredAt + SEARCH_TRUST_MS;
    const unfinished = deployedBy(old).map((version) => ({
      ...version,
      replacedAt: version.replacedAt ?? plan.answeredAt,
      openUntil,
    }));
    // What could not be handed over may be from any of them.
    return [...unfinished, ...plan.former, ...(old?.former ?? [])];
  }
  const isReleased = inputs.spec.releaseRemoved && !plan.heldBack && moving.length === 0;
  const stays = (version: FormerVersion) => version.openUntil !== undefined || plan.staying.includes(version);
  return isReleased ? plan.former.filter(stays) : [...plan.former];
}

/**
 * What was assigned, and what may have been, together with earlier assignments that the search may not show
 * yet. Of those it leaves out what the plan has seen and this deployment has assigned: it counts once. What
 * the plan has not seen may count twice. What was released counts on: a search that lags still shows it, and
 * would show enough without what was assigned last.
 */
function recentlyAssigned({ old, plan, reports }: AppliedPlan): RecentlyAssigned | undefined {
  const recent = lagOf(old, plan.answeredAt) === undefined ? undefined : old?.recentlyAssigned;
  const assigned = new Set(reports.flatMap(({ done, ambiguous }) => [...done, ...ambiguous]));
  const pending = plan.rules.flatMap((rule) => rule.pending);
  const since = recent?.since ?? plan.answeredAt;
  const again = pending.filter(({ id, assignee }) => assigned.has(id) && (assignee?.updatedAt ?? 0) >= since);
  const before = Math.max(0, (recent?.count ?? 0) - countChanges(again));
  const count = before + countChanges(pending.filter(({ id }) => assigned.has(id)));
  return count > 0 ? { count, since } : undefined;
}
