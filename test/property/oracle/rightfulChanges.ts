import { BrokenPromise } from "./brokenPromise";
import { type DeploymentRecord, declaredOwners } from "./deploymentRecord";
import type { OwnerEvent } from "./ownerTimeline";
import { CLOCK_STEP_MS, type StackRecord } from "./stackRecord";

/**
 * Holds at any time: a finding is given only to whom the program of the deployment declares it for,
 * unassigned only if the program has let go of it, and never taken from somebody who has it by their own
 * doing.
 * @param events what the deployment has changed
 */
export function demandRightfulChanges(
  stack: StackRecord,
  deployment: DeploymentRecord,
  events: readonly OwnerEvent[],
): void {
  const owners = declaredOwners(deployment.lists);
  for (const event of events) {
    if (!stack.isOurs(event)) continue;
    const { findingId, from, to } = event;
    if (to !== null) {
      if (owners.get(findingId) !== to)
        throw new BrokenPromise(`${findingId} was given to ${to}, and no list declares that`, findingId);
      continue;
    }
    if (deployment.kind === "refresh")
      throw new BrokenPromise(`${findingId} was unassigned by a refresh`, findingId);
    if (owners.has(findingId) && !deployment.only && !mayBeReleased(stack, deployment, findingId))
      throw new BrokenPromise(`${findingId} was unassigned, and is declared`, findingId);
    if (from !== null && !stack.mayHaveGiven(findingId, from) && isKnowable(stack, deployment, event))
      throw new BrokenPromise(`${findingId} was taken from ${from}, who had it by somebody else`, findingId);
  }
}

/**
 * Where one resource has let go of it and another declares it, it may be unassigned on the way, but not by
 * who still declares it.
 */
function mayBeReleased(stack: StackRecord, deployment: DeploymentRecord, findingId: string): boolean {
  return stack.deployments.some(({ lists }) =>
    [...lists].some(
      ([name, { findingIds }]) =>
        findingIds.has(findingId) && deployment.lists.get(name)?.findingIds.has(findingId) !== true,
    ),
  );
}

/**
 * Whether the deployment could know that somebody else had given the finding to whom it has taken it from.
 */
function isKnowable(stack: StackRecord, deployment: DeploymentRecord, event: OwnerEvent): boolean {
  if (deployment.blind) return false;
  const theirs = stack.timeline.before(event);
  // The first owner, in a world that was there before us: we have given it to somebody since, or have never
  // had it.
  if (!theirs) return !stack.timeline.isHidden(event.findingId);
  // In the same moment the deployment may have asked first.
  if (theirs.shownFrom >= deployment.from) return false;
  const ours = stack.timeline
    .of(event.findingId)
    .findLast((each) => stack.isOurs(each) && each.at <= theirs.at);
  if (ours && theirs.at - ours.at <= CLOCK_STEP_MS) return false;
  // What a fresh world shows is older than what we did in the one before, as if our assignment had come
  // later.
  return theirs.by.kind !== "restart";
}
