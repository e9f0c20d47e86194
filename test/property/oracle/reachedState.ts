import type { Conditions } from "../conditions";
import { BrokenPromise } from "./brokenPromise";
import { type DeploymentRecord, declaredOwners, tells } from "./deploymentRecord";
import type { OwnerEvent } from "./ownerTimeline";
import { CLOCK_STEP_MS, LAG_IS_ASSUMED_MS, type StackRecord } from "./stackRecord";

export interface World {
  /** Whether the finding exists now. */
  exists(findingId: string): boolean;
  ownerOf(findingId: string): string | null;
  readonly conditions: Pick<Conditions, "searchLagMs" | "timesAreKnown">;
  /** Other findings of the same ticket. */
  sharingTicket(findingId: string): readonly string[];
  /** Whether several findings are gone, so that missing ones may not be told apart. */
  readonly severalGone: boolean;
}

/**
 * After an `up` or a `destroy` that reported success: what is declared is with its owner, and nothing else is
 * left with an owner of ours.
 */
export function demandReached(stack: StackRecord, deployment: DeploymentRecord, world: World): void {
  const owners = declaredOwners(deployment.lists);
  for (const [findingId, userId] of owners) {
    if (world.exists(findingId)) demandDeclared(stack, deployment, world, findingId, userId);
  }
  for (const findingId of stack.givenFindings) {
    if (!owners.has(findingId) && world.exists(findingId))
      demandReleased(stack, deployment, world, findingId);
  }
}

function demandDeclared(
  stack: StackRecord,
  deployment: DeploymentRecord,
  world: World,
  findingId: string,
  userId: string,
): void {
  const { timeline } = stack;
  if (cameOrWentUnseen(stack, world, findingId)) return;
  if (world.severalGone && tells(deployment.printed, findingId)) return;
  const last = timeline.last(findingId);
  if (last && stack.isOurs(last)) {
    if (last.to === userId) return;
    const killed = stack.deploymentOf(last)?.killed === true;
    if (killed && !stack.refreshSaw(last.shownFrom, last.at)) return;
    if (cameInOneSecond(stack, last)) return;
    throw new BrokenPromise(`${findingId} is declared for ${userId}; we gave it to ${last.to}`, findingId);
  }
  const since = stack.declaredSince(findingId, userId);
  const assigned = timeline
    .of(findingId)
    .some((event) => stack.isOurs(event) && event.to === userId && event.at >= since);
  // A refresh has found it with the declared owner, by whomever.
  if (!assigned && world.ownerOf(findingId) === userId && stack.refreshSaw(last?.shownFrom ?? 0, last?.at))
    return;
  if (!assigned)
    throw new BrokenPromise(`${findingId} is declared for ${userId} and was never assigned`, findingId);
  if (last && stack.refreshSaw(last.shownFrom, last.at) && last.to !== userId && last.at < deployment.from)
    throw new BrokenPromise(`${findingId} is declared for ${userId}; a refresh saw ${last.to}`, findingId);
}

/**
 * Whether two deployments have changed a finding in the same second, as only a simulated network is fast
 * enough to do: times of Datadog's clock, which the states hold, do not say which came last.
 */
function cameInOneSecond(stack: StackRecord, last: OwnerEvent): boolean {
  const before = stack.timeline.before(last);
  if (!before || !stack.isOurs(before) || stack.deploymentOf(before) === stack.deploymentOf(last))
    return false;
  return Math.floor(before.at / 1_000) === Math.floor(last.at / 1_000);
}

/** Missing findings are left out until a refresh sees them again, which it never does with hidden ones. */
function cameOrWentUnseen(stack: StackRecord, { conditions }: World, findingId: string): boolean {
  const coming = stack.timeline.lastComing(findingId);
  if (coming === undefined) return false;
  return stack.timeline.isHidden(findingId) || !stack.refreshSaw(coming + conditions.searchLagMs, coming);
}

function demandReleased(
  stack: StackRecord,
  deployment: DeploymentRecord,
  world: World,
  findingId: string,
): void {
  const last = stack.timeline.last(findingId);
  if (!last || !stack.isOurs(last) || last.to === null) return;
  // No state tells of what a killed deployment did; the README says so.
  if (stack.deploymentOf(last)?.killed) return;
  // What does not exist counts as released.
  if ((stack.timeline.lastComing(findingId) ?? Number.NEGATIVE_INFINITY) >= last.at) return;
  if (wasToldToBeSomebodys(stack, deployment, world, last)) return;
  if (wasToldToKeepItsOwner(stack, deployment, last)) return;
  throw new BrokenPromise(`${findingId} is declared no more and still with ${last.to}, by us`, findingId);
}

/**
 * Another finding of its ticket was declared then, or had another owner: to release one is to take the owner
 * from both.
 */
export function wasToldToKeepItsOwner(
  stack: StackRecord,
  deployment: DeploymentRecord,
  ours: OwnerEvent,
): boolean {
  return [...stack.deployments, deployment].some(
    ({ from, printed }) =>
      from >= ours.at && printed.some((line) => KEEPS.test(line) && tells([line], ours.findingId)),
  );
}

const KEEPS = /keeps? (its|their) owner, since /;

/**
 * No release takes the owner from another finding of its ticket that the same resource declares, as far as
 * the search shows both.
 */
export function demandTicketsKept(
  stack: StackRecord,
  deployment: DeploymentRecord,
  events: readonly OwnerEvent[],
  world: Pick<World, "sharingTicket" | "exists">,
): void {
  if (deployment.blind) return;
  const { timeline } = stack;
  const isShown = (id: string) =>
    world.exists(id) && !timeline.isHidden(id) && timeline.lastComing(id) === undefined;
  const released = events.flatMap((event) =>
    stack.isOurs(event) && event.to === null && isShown(event.findingId) ? event.findingId : [],
  );
  for (const { by, to, findingId: kept } of events) {
    if (by.kind !== "ticket" || to !== null || !isShown(kept)) continue;
    const sharing = world.sharingTicket(kept).filter((id) => released.includes(id));
    if (sharing.some((id) => stack.hasLeft(id, deployment, kept)))
      throw new BrokenPromise(`${kept} lost its owner, as another finding of its ticket was released`, kept);
  }
}

/**
 * Where the search shows an older owner and nobody can prove that it is old, the finding is left alone, and
 * told by its id: it does not say since when, it lags for longer than is assumed, our assignment had no
 * answer, or it undid what another resource had done in a killed deployment.
 */
export function wasToldToBeSomebodys(
  stack: StackRecord,
  deployment: DeploymentRecord,
  { conditions }: Pick<World, "conditions">,
  ours: OwnerEvent,
): boolean {
  const wasAnswered = stack.deploymentOf(ours)?.errors.size === 0;
  // The state of the resource that declares the finding may hold its own, older assignment only.
  const before = stack.timeline.before(ours);
  const undidKilled = before !== undefined && stack.deploymentOf(before)?.killed === true;
  return [...stack.deployments, deployment].some(
    ({ from, to, printed, errors }) =>
      from >= ours.at &&
      (!conditions.timesAreKnown ||
        (from < ours.shownFrom &&
          (!wasAnswered || undidKilled || to - ours.at >= LAG_IS_ASSUMED_MS - CLOCK_STEP_MS))) &&
      tells([...printed, ...errors.values()], ours.findingId),
  );
}
