import type { EmulatedFinding, LoggedRequest } from "../../emulator";
import type { Conditions } from "../conditions";
import { BrokenPromise } from "../oracle/brokenPromise";
import { type DeploymentRecord, declaredOwners, isWholeSuccess } from "../oracle/deploymentRecord";
import type { OwnerEvent } from "../oracle/ownerTimeline";
import { wasToldToBeSomebodys, wasToldToKeepItsOwner } from "../oracle/reachedState";
import { CLOCK_STEP_MS, isTold, type StackRecord } from "../oracle/stackRecord";
import { type Ownerships, ruleFor, rulesFor } from "./declaredRules";

/** A deployment of rules, as it is known from outside. */
export interface RulesRecord extends DeploymentRecord {
  readonly ownerships: Ownerships;
  /** Users who have left. */
  readonly leavers: ReadonlySet<string>;
}

export interface RulesWorld {
  finding(id: string): EmulatedFinding;
  /** Findings that exist, and have done so for as long as the search lags. */
  readonly settledFindings: readonly string[];
  ownerOf(id: string): string | null;
  /** The owner, or the one that a finding had when it vanished. */
  lastOwnerOf(id: string): string | null;
  /** Whether a search may have shown it while the deployment ran, although it does not exist. */
  isShown(id: string): boolean;
  /** Other findings of the same ticket. */
  sharingTicket(findingId: string): readonly string[];
  readonly conditions: Pick<Conditions, "searchLagMs" | "timesAreKnown">;
}

/** What holds at any time, for each change of an owner that a deployment has made. */
export function demandRightfulByRules(
  stack: StackRecord,
  past: readonly RulesRecord[],
  now: RulesRecord,
  events: readonly OwnerEvent[],
  world: RulesWorld,
): void {
  const pinned = declaredOwners(now.lists);
  const givenTo = new Map<string, string>();
  for (const event of events) {
    if (event.by.kind === "ticket")
      demandTicketRespected(stack, [...past, now], now, { event, events }, world);
    if (!stack.isOurs(event)) continue;
    const { findingId: id, to } = event;
    const rules = [...rulesFor(now.ownerships, world.finding(id)).values()];
    if (to === null) {
      demandRightfulRelease(stack, past, now, event, world);
      continue;
    }
    if (pinned.get(id) !== to && !rules.some(({ user }) => user.id === to))
      throw new BrokenPromise(`${id} was given to ${to}, and neither a list nor a rule says so`, id);
    const other = givenTo.get(id);
    if (other !== undefined && other !== to)
      throw new BrokenPromise(`${id} was given to ${other} and to ${to} in one deployment`, id);
    givenTo.set(id, to);
    if (pinned.get(id) === to || rules.some(({ user, overwrite }) => user.id === to && overwrite)) continue;
    if (isKnownToBeSomebodys(stack, [...past, now], now, event))
      throw new BrokenPromise(`${id} was taken from ${event.from} by a rule without overwrite`, id);
  }
}

/**
 * Nobody loses a finding through its ticket, where the deployment could know whose it is, unless a list or a
 * rule with overwrite gives it, or another one of the ticket, to somebody.
 */
function demandTicketRespected(
  stack: StackRecord,
  all: readonly RulesRecord[],
  now: RulesRecord,
  { event, events }: { readonly event: OwnerEvent; readonly events: readonly OwnerEvent[] },
  world: RulesWorld,
): void {
  const { findingId, from, to } = event;
  const sharing = world.sharingTicket(findingId);
  const causes = events.filter(
    (each) => stack.isOurs(each) && sharing.includes(each.findingId) && each.to === to,
  );
  const pinned = declaredOwners(now.lists);
  const isDeclared = ({ findingId: id }: OwnerEvent) =>
    to !== null &&
    (pinned.get(id) === to ||
      [...rulesFor(now.ownerships, world.finding(id)).values()].some(
        ({ user, overwrite }) => user.id === to && overwrite,
      ));
  if (
    causes.length === 0 ||
    [event, ...causes].some(isDeclared) ||
    !isKnownToBeSomebodys(stack, all, now, event)
  )
    return;
  throw new BrokenPromise(`${findingId} was taken from ${from} through its ticket`, findingId);
}

function demandRightfulRelease(
  stack: StackRecord,
  past: readonly RulesRecord[],
  now: RulesRecord,
  event: OwnerEvent,
  world: RulesWorld,
): void {
  const { findingId: id, from } = event;
  if (now.kind === "refresh") throw new BrokenPromise(`${id} was unassigned by a refresh`, id);
  const rulesNow = rulesFor(now.ownerships, world.finding(id));
  const rules = [...rulesNow.values()];
  // What another resource has let go of may be unassigned on the way to the list.
  const held = past.some(
    ({ lists, ownerships }) =>
      declaredOwners(lists).has(id) || rulesFor(ownerships, world.finding(id)).size > 0,
  );
  if (!now.only && declaredOwners(now.lists).has(id) && !held)
    throw new BrokenPromise(`${id} was unassigned, and a list declares it`, id);
  const fromList = past.some(({ lists }) => declaredOwners(lists).has(id));
  // One after another, resources do not know yet what a later one declares: it assigns it again. Whoever the
  // search still shows as the owner may be one from whom rules release it, although an earlier deployment has
  // handed it over already: no state of rules holds findings.
  const shown = stack.timeline.of(id).findLast(({ shownFrom }) => shownFrom <= now.from)?.to;
  const fromOtherRules = past.some(({ ownerships }) =>
    [...rulesFor(ownerships, world.finding(id))].some(
      ([name, { user }]) =>
        (user.id === from || user.id === shown) && rulesNow.get(name)?.user.id !== user.id,
    ),
  );
  if (
    !now.only &&
    !fromList &&
    !fromOtherRules &&
    from !== null &&
    rules.some(({ user }) => user.id === from)
  )
    throw new BrokenPromise(`${id} was unassigned, and a rule gives it to ${from}`, id);
  if (isKnownToBeSomebodys(stack, [...past, now], now, event))
    throw new BrokenPromise(`${id} was taken from ${from}, who had it by somebody else`, id);
}

/** Whether somebody else had given the finding to its owner, and the deployment could know. */
function isKnownToBeSomebodys(
  stack: StackRecord,
  all: readonly RulesRecord[],
  { blind, from: beganAt }: RulesRecord,
  event: OwnerEvent,
): boolean {
  const { from } = event;
  if (blind || from === null || areOurs(all, from)) return false;
  const theirs = stack.timeline.before(event);
  if (!theirs) return true;
  // In the same moment the deployment may have asked first.
  if (stack.isOurs(theirs) || theirs.shownFrom >= beganAt) return false;
  const ours = stack.timeline
    .of(event.findingId)
    .findLast((each) => stack.isOurs(each) && each.at <= theirs.at);
  return !(ours && theirs.at - ours.at <= CLOCK_STEP_MS);
}

/** A state of rules holds no findings: whoever was the owner of a rule may have what he has through it. */
function areOurs(all: readonly RulesRecord[], userId: string): boolean {
  return all.some(
    ({ ownerships, lists }) =>
      [...ownerships.values()].some(({ rules }) => rules.some(({ user }) => user.id === userId)) ||
      [...lists.values()].some(({ user }) => user.id === userId),
  );
}

/**
 * After an `up` that went well: what a rule claims is with its owner, if nobody owned it, if the rule
 * overwrites, or if the deployment before had given it away by the same resource; what was let go of is with
 * nobody.
 * @param except owners who have left: their rules fail, and no others
 */
export function demandReachedByRules(
  stack: StackRecord,
  past: readonly RulesRecord[],
  now: RulesRecord,
  world: RulesWorld,
): void {
  const pinned = declaredOwners(now.lists);
  for (const id of world.settledFindings) {
    if (pinned.has(id) || hasChangedLately(stack, now, id)) continue;
    const before = stack.timeline.of(id).findLast((event) => !isBy(now, event));
    const owner = world.ownerOf(id);
    for (const [name, { user, overwrite }] of rulesFor(now.ownerships, world.finding(id))) {
      if (now.leavers.has(user.id) || owner === user.id) continue;
      // Datadog gives all findings of a ticket one owner: without overwrite nobody loses one for another.
      if (!overwrite && isTicketOfAnother(stack, now, id, user.id, world)) continue;
      const isFree = before ? before.to === null : world.ownerOf(id) === null;
      if (overwrite || isFree || (before && wasGivenBy(stack, past, before, name, world)))
        throw new BrokenPromise(`${id} is ${user.id}'s by the rules of ${name}, and ${owner} has it`, id);
    }
  }
}

/**
 * Whether another finding of its ticket has an owner other than this one, or had one by what the search showed
 * while the deployment ran.
 */
function isTicketOfAnother(
  stack: StackRecord,
  now: RulesRecord,
  id: string,
  userId: string,
  world: RulesWorld,
): boolean {
  return world.sharingTicket(id).some((other) => {
    if (!world.isShown(other)) return false;
    const events = stack.timeline.of(other);
    const first = events.findLast(({ shownFrom }) => shownFrom <= now.from);
    // Before the first event that the search shows, it shows the first owner.
    const shown = [
      first ? first.to : events[0] ? events[0].from : world.lastOwnerOf(other),
      ...events.filter(({ shownFrom }) => shownFrom > now.from && shownFrom <= now.to).map(({ to }) => to),
    ];
    return [...shown, world.ownerOf(other)].some((owner) => owner != null && owner !== userId);
  });
}

/** Rules of two resources that give a finding to different users are refused. */
export function demandOverlapsRefused(now: RulesRecord, world: RulesWorld): void {
  const pinned = declaredOwners(now.lists);
  for (const id of world.settledFindings) {
    if (pinned.has(id)) continue;
    const rules = [...rulesFor(now.ownerships, world.finding(id)).values()];
    const users = new Set(rules.flatMap(({ user }) => (now.leavers.has(user.id) ? [] : [user.id])));
    // What somebody else has, and no rule takes, is nobody's business.
    if (users.size > 1 && users.has(world.ownerOf(id) ?? ""))
      throw new BrokenPromise(`${id} is declared for ${[...users].join(" and ")}, and all went well`, id);
  }
}

/** Somebody changed it in between, or in the same moment, or the search does not show yet what was before. */
function hasChangedLately(stack: StackRecord, now: RulesRecord, id: string): boolean {
  return stack.timeline.of(id).some((event) => event.shownFrom >= now.from && !isBy(now, event));
}

function isBy({ index }: RulesRecord, { by }: OwnerEvent): boolean {
  return by.kind === "stack" && by.deployment === index;
}

/** Whether the last deployment of the resource went well, and gave the finding to whom it belongs. */
function wasGivenBy(
  stack: StackRecord,
  past: readonly RulesRecord[],
  event: OwnerEvent,
  name: string,
  world: RulesWorld,
): boolean {
  if (!stack.isOurs(event) || event.to === null) return false;
  const last = past.findLast(({ kind }) => kind !== "refresh");
  if (!last || !isWholeSuccess(last)) return false;
  const ownership = last.ownerships.get(name);
  return ownership !== undefined && ruleFor(ownership, world.finding(event.findingId))?.user.id === event.to;
}

/**
 * After a success: nothing is left with an owner of ours of which the program has let go, unless it says that
 * it may stay.
 */
export function demandReleasedByRules(
  stack: StackRecord,
  past: readonly RulesRecord[],
  now: RulesRecord,
  world: RulesWorld,
): void {
  const all = [...past, now];
  for (const id of stack.givenFindings) {
    const last = stack.timeline.last(id);
    if (!last || !stack.isOurs(last) || last.to === null || !world.settledFindings.includes(id)) continue;
    if (declaredOwners(now.lists).has(id) || rulesFor(now.ownerships, world.finding(id)).size > 0) continue;
    // What does not exist counts as released.
    if ((stack.timeline.lastComing(id) ?? Number.NEGATIVE_INFINITY) >= last.at) continue;
    if (all[indexOf(last)]?.killed) continue;
    // An up cannot release what no search shows yet: a later deployment has to.
    if (now.kind === "up" && last.shownFrom > now.from) continue;
    if (isInNoState(all, now, last, world) || wasToldToKeepItsOwner(stack, now, last)) continue;
    const byList = declaredOwners(all[indexOf(last)]?.lists ?? new Map()).get(id) === last.to;
    if (byList && wasToldToBeSomebodys(stack, now, world, last)) continue;
    if (lastClaims(all, last, world).some((claim) => mayStay(claim, all, now, last, world))) continue;
    throw new BrokenPromise(`${id} is declared no more and still with ${last.to}, by us`, id);
  }
}

/**
 * Whether an assignment got no answer, and the search began to show another owner since the deployment began.
 * Nobody can tell then whether the assignment came first: a rule without `overwrite` cannot send it again,
 * as it may take it from a person, and cannot say that it was left alone, as it may have been assigned. The
 * deployment fails, and the next one, which plans anew, settles it; docs/limits.md says so.
 */
export function isLeftInDoubt(
  stack: StackRecord,
  now: RulesRecord,
  requests: readonly LoggedRequest[],
): boolean {
  const untold = requests.filter((request) => request.assigneeId != null && !isTold(request));
  return untold.some(({ findingIds = [], assigneeId }) =>
    findingIds.some((id) =>
      stack.timeline
        .of(id)
        .some(
          (event) =>
            !isBy(now, event) &&
            event.to !== assigneeId &&
            event.shownFrom > now.from &&
            event.shownFrom <= now.to,
        ),
    ),
  );
}

/** What the errors of a program that contradicts itself say. */
export const MISTAKE = /never|overlap|both|unreachable|a finding has one owner/i;

/** Whether a program was refused as a mistake, in part at least. */
export function isMistake(errors: RulesRecord["errors"]): boolean {
  return [...errors.values()].some((text) => MISTAKE.test(text));
}

/** Without what was refused before anything was sent: that has given nothing to anybody. */
function notRefused({ ownerships, errors }: RulesRecord): Ownerships {
  return new Map([...ownerships].filter(([name]) => !MISTAKE.test(errors.get(name) ?? "")));
}

/** Of the deployment that changed it. */
function indexOf({ by }: OwnerEvent): number {
  return by.kind === "stack" ? by.deployment : -1;
}

function hasRuleFor(ownerships: Ownerships, { findingId, to }: OwnerEvent, world: RulesWorld): boolean {
  return [...rulesFor(ownerships, world.finding(findingId)).values()].some(({ user }) => user.id === to);
}

/**
 * What a resource lets go of goes over to the rules of the program at once. Where their resource fails then,
 * no state tells of it; and no state tells that the search does not show it yet, as the rules may have been
 * deployed before: a destroy finds nothing then. docs/limits.md says both.
 */
function isInNoState(
  all: readonly RulesRecord[],
  now: RulesRecord,
  ours: OwnerEvent,
  world: RulesWorld,
): boolean {
  const { findingId, to } = ours;
  const deployment = all[indexOf(ours)];
  if (!deployment || declaredOwners(deployment.lists).has(findingId)) return false;
  const rules = rulesFor(deployment.ownerships, world.finding(findingId));
  const givers = [...rules].flatMap(([name, { user }]) => (user.id === to ? [name] : []));
  const wasElsewhere = all
    .slice(0, deployment.index)
    .some(
      ({ lists, ownerships }) =>
        declaredOwners(lists).has(findingId) ||
        [...rulesFor(ownerships, world.finding(findingId)).keys()].some((name) => !givers.includes(name)),
    );
  if (!wasElsewhere || givers.length === 0) return false;
  const isUnseen = now.kind === "destroy" && ours.shownFrom > now.from;
  return isUnseen || givers.every((name) => deployment.errors.has(name));
}

/**
 * The last deployment whose rules gave the finding to its owner. One that was broken off, or failed, may not
 * have come to it: then also the one before it.
 */
function lastClaims(all: readonly RulesRecord[], ours: OwnerEvent, world: RulesWorld): RulesRecord[] {
  const claims = all.filter((each) => hasRuleFor(notRefused(each), ours, world));
  const lastWhole = claims.findLastIndex(({ killed, errors }) => !killed && errors.size === 0);
  return claims.slice(Math.max(0, lastWhole));
}

/** An up deletes where nothing has failed, a destroy each resource by itself. */
function mayHaveDeleted(deployment: RulesRecord, name: string): boolean {
  if (deployment.ownerships.has(name)) return false;
  return deployment.kind === "destroy" ? !deployment.errors.has(name) : isWholeSuccess(deployment);
}

/** Whether the rules that gave it away last say that it stays with its owner. */
function mayStay(
  claim: RulesRecord,
  all: readonly RulesRecord[],
  now: RulesRecord,
  { findingId, to }: OwnerEvent,
  world: RulesWorld,
): boolean {
  const rules = rulesFor(notRefused(claim), world.finding(findingId));
  const later = all.slice(claim.index);
  return [...rules].some(([name, { user }]) => {
    if (user.id !== to) return false;
    const wasDeleted = later.some((each) => mayHaveDeleted(each, name));
    if (wasDeleted) return later.some(({ ownerships }) => ownerships.get(name)?.keepOnDelete);
    return now.ownerships.get(name)?.releaseRemoved === false;
  });
}
