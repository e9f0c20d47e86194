import assert from "node:assert/strict";
import { SEARCH_LAG_MS } from "../../provider/core/ownerJudgement";
import type { Emulator, OwnerChange } from "../emulator";

interface Deployment {
  readonly from: number;
  to: number;
  readonly blind: boolean;
}

/** Datadog's times are cut to whole seconds. */
const CLOCK_STEP_MS = 1_000;

/** What may be in Datadog and what must, by what programs have declared and what people have done by hand. */
export class Ledger {
  /** Who was ever declared for a finding. */
  readonly #declaredFor = new Map<string, Set<string>>();
  /** Who owns the declared findings by the program that was deployed last. */
  #declared: ReadonlyMap<string, string> = new Map();
  /** Given by a colleague to somebody else while no program declared it. */
  readonly #givenByHand = new Map<string, string | null>();
  /** Changed by others since the last look: the next `up` need not see it without a refresh. */
  readonly #unseen = new Set<string>();
  /** Gone at some time: a removed finding counts as released while it is gone. */
  readonly #wasGone = new Set<string>();
  /**
   * To be moved to another resource, for this user, when the deployment broke off or failed. The resource that gave it up has forgotten it, so it stays with its
   * former owner if the program drops it before the move was made good.
   */
  readonly #betweenResources = new Map<string, string | undefined>();
  /** When an assignment of a finding last ended without an answer, ms since the epoch. */
  readonly #unanswered = new Map<string, number>();
  /**
   * Dropped by the program while the search could not tell whether the assignment without an answer had been made: what looks
   * like another user's is left alone.
   */
  readonly #leftAlone = new Set<string>();
  readonly #initial: Map<string, string | null>;

  /** When deployments began and ended, and whether they could not search. */
  readonly #deployments: Deployment[] = [];
  /** When people last changed a finding, ms since the epoch. */
  readonly #byHand = new Map<string, number>();
  /** So many of the emulator's changes have been looked at. */
  #judged = 0;

  /**
   * @param searchLagMs after which the search shows what people do
   * @param sameMachine whether deployments find the record of what earlier ones have done
   */
  constructor(
    private readonly emulator: Emulator,
    private readonly searchLagMs: number,
    private readonly sameMachine: boolean,
  ) {
    this.#initial = emulator.owners();
  }

  /** A deployment of a program that declares these owners begins. */
  declare(owners: ReadonlyMap<string, string>, now: number, blind: boolean): void {
    this.#deployments.push({ from: now, to: Number.POSITIVE_INFINITY, blind });
    for (const [id, since] of this.#unanswered) {
      if (!owners.has(id) && now - since < this.searchLagMs) this.#leftAlone.add(id);
    }
    for (const [id, user] of this.#betweenResources) {
      // Moved back: the first resource never learned that the second had it in between. The record of the machine tells, or a refresh.
      if (!this.sameMachine && owners.has(id) && owners.get(id) !== user) this.#unseen.add(id);
    }
    this.#declared = owners;
    for (const [id, user] of owners) {
      const users = this.#declaredFor.get(id) ?? new Set();
      this.#declaredFor.set(id, users.add(user));
      this.#givenByHand.delete(id);
      this.#leftAlone.delete(id);
    }
  }

  /** The deployment has ended, well or not. */
  deployed(now: number): void {
    const last = this.#deployments.at(-1);
    if (last) last.to = now;
  }

  endedWithoutAnswer(findingId: string, now: number): void {
    this.#unanswered.set(findingId, now);
  }

  changedByHand(findingId: string, user: string | null, now: number): void {
    this.#unseen.add(findingId);
    this.#byHand.set(findingId, now);
    const ours = user !== null && this.#declaredFor.get(findingId)?.has(user);
    if (this.#declared.has(findingId) || ours) this.#givenByHand.delete(findingId);
    else this.#givenByHand.set(findingId, user);
  }

  wentOrCame(findingId: string): void {
    this.#unseen.add(findingId);
    this.#wasGone.add(findingId);
  }

  appeared(findingId: string): void {
    this.#initial.set(findingId, this.emulator.ownerOf(findingId));
    this.wentOrCame(findingId);
  }

  moveBroke(findingId: string): void {
    this.#betweenResources.set(findingId, this.#declared.get(findingId));
  }

  /** Sent by a deployment that was killed before a state told of it. */
  sentByKilled(id: string, user: string | null): void {
    this.#betweenResources.set(id, user ?? undefined);
  }

  /** Changed by us, and nothing tells of it but a refresh. */
  cannotKnow(id: string): void {
    this.#unseen.add(id);
  }

  /** A refresh has seen everything. */
  refreshed(): void {
    this.#unseen.clear();
  }

  /**
   * After an `up` without errors: the declared state is reached, as far as it could know.
   * @param untold what it has left to the next
   */
  assertReached(untold: ReadonlySet<string>): void {
    const last = lastChanges(this.emulator.ownerChanges);
    for (const id of this.#declared.keys()) {
      if (!this.#unseen.has(id) && !untold.has(id)) this.#betweenResources.delete(id);
    }
    for (const [id, owner] of this.emulator.owners()) {
      if (!this.#unseen.has(id) && !untold.has(id)) this.#assertOwner(id, owner, last.get(id));
    }
  }

  /** What holds at any time. */
  assertNothingElseTouched(): void {
    const changes = this.emulator.ownerChanges;
    for (const { findingId, from, to, by, at } of changes.slice(this.#judged)) {
      if (by === "hand") continue;
      const users = this.#declaredFor.get(findingId);
      assert.ok(users, `${findingId} was touched, and no program ever declared it`);
      if (to !== null) assert.ok(users.has(to), `${findingId} was given to ${to}, whom nobody declared`);
      else if (from !== null && !users.has(from)) {
        assert.ok(this.#unknowable(findingId, at), `${findingId} was taken from ${from}`);
        this.#givenByHand.delete(findingId);
      }
    }
    this.#judged = changes.length;
  }

  /**
   * Whether what was done by hand could not be known to the deployment of this moment: it could not search, or the search did not
   * show it yet when it began, or another deployment has ended lately that may have accepted something later, or in the same
   * second: a state keeps one time for all findings of a resource.
   */
  #unknowable(findingId: string, at: number): boolean {
    const changedAt = this.#byHand.get(findingId) ?? Number.NEGATIVE_INFINITY;
    const index = this.#deployments.findLastIndex(({ from }) => from <= at);
    const deployment = this.#deployments[index];
    if (!deployment) return false;
    const between = this.#deployments[index - 1];
    return (
      deployment.blind ||
      changedAt + this.searchLagMs >= deployment.from ||
      (between !== undefined &&
        deployment.from - between.to < SEARCH_LAG_MS &&
        changedAt <= between.to + CLOCK_STEP_MS &&
        this.#countsAsLately(findingId, index))
    );
  }

  /** Whether the last deployments were so close to each other that what was assigned shortly before the first is kept as new. */
  #countsAsLately(findingId: string, index: number): boolean {
    const began = this.#deployments[index]?.from ?? 0;
    let first = began;
    for (const { from, to } of this.#deployments.slice(0, index).reverse()) {
      if (first - to >= SEARCH_LAG_MS) break;
      first = from;
    }
    const given = this.emulator.ownerChanges.findLast(
      (change) =>
        change.findingId === findingId && change.by === "api" && change.to !== null && change.at < began,
    );
    return given !== undefined && given.at >= first - SEARCH_LAG_MS;
  }

  #mayBeForgotten(id: string): boolean {
    return this.#wasGone.has(id) || this.#betweenResources.get(id) !== undefined || this.#leftAlone.has(id);
  }

  #assertOwner(id: string, owner: string | null, last: OwnerChange | undefined): void {
    const declared = this.#declared.get(id);
    const byHand = this.#givenByHand.get(id);
    if (declared !== undefined) assert.equal(owner, declared, `owner of the declared ${id}`);
    else if (byHand !== undefined) assert.equal(owner, byHand, `owner by hand of ${id}`);
    else if (last === undefined) assert.equal(owner, this.#initial.get(id), `first owner of ${id}`);
    else if (last.by === "api" && !this.#mayBeForgotten(id))
      assert.equal(owner, null, `${id} left the program and is still ours`);
  }
}

function lastChanges(changes: readonly OwnerChange[]): Map<string, OwnerChange> {
  return new Map(changes.map((change) => [change.findingId, change]));
}
