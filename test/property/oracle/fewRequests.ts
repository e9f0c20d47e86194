import type { LoggedRequest } from "../../emulator";
import { BrokenPromise } from "./brokenPromise";
import type { DeploymentRecord, Lists } from "./deploymentRecord";
import { requestBound } from "./requestBound";
import type { StackRecord } from "./stackRecord";
import type { ToldState } from "./toldState";

export interface Spent {
  readonly requests: number;
  /** The fewest that were possible. */
  readonly least: number;
  /** Requests that met a fault, findings that failed, and twice those that are missing. */
  readonly mishaps: number;
}

export function demandFewRequests({ lists }: DeploymentRecord, { requests, least, mishaps }: Spent): void {
  if (requests > requestBound(least, lists.size, mishaps))
    throw new BrokenPromise(`${requests} requests, ${least} would do, ${mishaps} for what went wrong`);
}

/** What Datadog has accepted, and nobody has put in doubt, is not sent again. */
export function demandNothingAgain(
  stack: StackRecord,
  deployment: DeploymentRecord,
  settled: ReadonlyMap<string, string>,
  sent: readonly (readonly [findingId: string, assigneeId: string | null])[],
): void {
  const released = new Set(sent.flatMap(([id, user]) => (user === null ? id : [])));
  const again = sent.find(([id, user]) => !released.has(id) && settled.get(id) === user);
  if (again)
    throw new BrokenPromise(
      `${again[0]} was sent again by ${stack.name} #${deployment.index}, although it was accepted`,
      again[0],
    );
}

/**
 * What is declared as it was told to be accepted: none of it need be sent again. A resource that declares
 * what another one has already does not know.
 */
export function settledFindings(told: ToldState, lists: Lists): Map<string, string> {
  const settled = new Map<string, string>();
  const declared = new Set<string>();
  const twice = new Set<string>();
  for (const [name, { findingIds, user }] of lists) {
    const old = told.resources.get(name);
    for (const id of findingIds) {
      if (declared.has(id)) twice.add(id);
      declared.add(id);
      if (old?.user === user.id && old.accepted.has(id)) settled.set(id, user.id);
    }
  }
  for (const id of twice) settled.delete(id);
  return settled;
}

/** A deployment that Ctrl-C has ended sends nothing more. */
export function demandSilence(requests: readonly LoggedRequest[], cancelledAt: number): void {
  const late = requests.filter(({ at }) => at > cancelledAt);
  if (late.length > 0) throw new BrokenPromise(`${late.length} requests after the deployment was cancelled`);
}
