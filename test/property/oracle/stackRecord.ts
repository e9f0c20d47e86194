import type { LoggedRequest } from "../../emulator";
import { type DeploymentRecord, declaredOwners, isWholeSuccess } from "./deploymentRecord";
import type { OwnerEvent, OwnerTimeline } from "./ownerTimeline";

/**
 * How long an older owner in the search is taken for lag after an assignment, ms: the README says so under
 * "Limits". What somebody does within this time may be seen only later.
 */
export const LAG_IS_ASSUMED_MS = 5 * 60_000;

/**
 * A `Date` header is cut to whole seconds, and so may be the time of a change: what came first may look later
 * by this, ms.
 */
export const CLOCK_STEP_MS = 2_000;

/** What one stack has deployed so far, and what follows from it. */
export class StackRecord {
  readonly deployments: DeploymentRecord[] = [];
  /** The owners whom this stack has given each finding to. */
  readonly #given = new Map<string, Set<string>>();
  /** Findings and users of requests of which no answer told whether they were done. */
  readonly #tried = new Set<string>();
  #lastAssignedAt = Number.NEGATIVE_INFINITY;
  /** When this stack last assigned something before each of its refreshes, by index. */
  readonly #assignedBefore = new Map<number, number>();

  constructor(
    readonly name: string,
    readonly timeline: OwnerTimeline,
  ) {}

  begin(index: number): void {
    this.#assignedBefore.set(index, this.#lastAssignedAt);
  }

  /** @param requests that the deployment has sent */
  end(deployment: DeploymentRecord, events: readonly OwnerEvent[], requests: readonly LoggedRequest[]): void {
    for (const request of requests) {
      const { findingIds = [], assigneeId } = request;
      if (assigneeId == null || isTold(request)) continue;
      for (const id of findingIds) this.#tried.add(`${id} ${assigneeId}`);
    }
    for (const event of events) {
      if (!this.isOurs(event) || event.to === null) continue;
      this.#lastAssignedAt = Math.max(this.#lastAssignedAt, event.at);
      const users = this.#given.get(event.findingId) ?? new Set();
      this.#given.set(event.findingId, users.add(event.to));
    }
    this.deployments.push(deployment);
  }

  isOurs(event: OwnerEvent): boolean {
    return event.by.kind === "stack" && event.by.stack === this.name;
  }

  /**
   * Whether this stack has given the finding to this user, or has asked for it and no answer told what became
   * of that: then it has to reckon with having done so.
   */
  mayHaveGiven(findingId: string, userId: string): boolean {
    return this.#given.get(findingId)?.has(userId) === true || this.#tried.has(`${findingId} ${userId}`);
  }

  /**
   * Whether the last that this stack did with the finding was to give it to this user, in a deployment that
   * was not killed.
   */
  hasLastGiven(findingId: string, userId: string): boolean {
    const last = this.timeline.of(findingId).findLast((event) => this.isOurs(event));
    return last?.to === userId && this.deploymentOf(last)?.killed !== true;
  }

  /** Whether the resource that declared the finding last does so no more, and declares another one still. */
  hasLeft(findingId: string, { lists }: DeploymentRecord, kept: string): boolean {
    const declares = (past: DeploymentRecord) =>
      [...past.lists].flatMap(([name, { findingIds }]) => (findingIds.has(findingId) ? name : []));
    const holders = this.deployments.map(declares).findLast((names) => names.length > 0) ?? [];
    return holders.some((name) => {
      const findingIds = lists.get(name)?.findingIds;
      return findingIds?.has(kept) && !findingIds.has(findingId);
    });
  }

  /** Whether several resources have declared the finding, at one time or another. */
  hasMoved(findingId: string): boolean {
    const names = this.deployments.flatMap(({ lists }) =>
      [...lists].flatMap(([name, { findingIds }]) => (findingIds.has(findingId) ? [name] : [])),
    );
    return new Set(names).size > 1;
  }

  /** Findings that this stack has ever given to anybody. */
  get givenFindings(): Iterable<string> {
    return this.#given.keys();
  }

  deploymentOf(event: OwnerEvent): DeploymentRecord | undefined {
    return this.isOurs(event) && event.by.kind === "stack"
      ? this.deployments[event.by.deployment]
      : undefined;
  }

  /**
   * Whether a refresh has seen what was true from `shownFrom` on, and cannot have taken it for lag.
   * @param after only refreshes that began after this time
   */
  refreshSaw(shownFrom: number, after = Number.NEGATIVE_INFINITY): boolean {
    return this.deployments.some(
      ({ refreshes, blind, killed, from, index }) =>
        refreshes &&
        !blind &&
        !killed &&
        from >= shownFrom &&
        from > after &&
        from - (this.#assignedBefore.get(index) ?? 0) > LAG_IS_ASSUMED_MS,
    );
  }

  /**
   * The end of the last deployment that went well as a whole and did not declare the finding for this user;
   * -Infinity: none.
   */
  declaredSince(findingId: string, userId: string): number {
    const without = this.deployments.findLast(
      (deployment) =>
        isWholeSuccess(deployment) && declaredOwners(deployment.lists).get(findingId) !== userId,
    );
    return without?.to ?? Number.NEGATIVE_INFINITY;
  }
}

/** Whether an answer says what became of the request: not where it names failures of ids that were not sent. */
export function isTold({
  outcome,
  fault,
  findingIds = [],
  failedIds = [],
}: Pick<LoggedRequest, "outcome" | "fault" | "findingIds" | "failedIds">): boolean {
  if (outcome === 202) return fault !== "garbage" && failedIds.every((id) => findingIds.includes(id));
  return typeof outcome === "number" && outcome >= 400 && outcome < 500 && outcome !== 408;
}
