import assert from "node:assert/strict";
import { SEARCH_LAG_MS } from "../../provider/core/ownerJudgement";
import type { Emulator, OwnerChange } from "../emulator";

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
  readonly #initial: ReadonlyMap<string, string | null>;

  constructor(private readonly emulator: Emulator) {
    this.#initial = emulator.owners();
  }

  /** A deployment of a program that declares these owners begins. */
  declare(owners: ReadonlyMap<string, string>, now: number): void {
    for (const [id, since] of this.#unanswered) {
      if (!owners.has(id) && now - since < SEARCH_LAG_MS) this.#leftAlone.add(id);
    }
    for (const [id, user] of this.#betweenResources) {
      // Moved back: the first resource never learned that the second had it in between. A refresh tells.
      if (owners.has(id) && owners.get(id) !== user) this.#unseen.add(id);
    }
    this.#declared = owners;
    for (const [id, user] of owners) {
      const users = this.#declaredFor.get(id) ?? new Set();
      this.#declaredFor.set(id, users.add(user));
      this.#givenByHand.delete(id);
      this.#leftAlone.delete(id);
    }
  }

  endedWithoutAnswer(findingId: string, now: number): void {
    this.#unanswered.set(findingId, now);
  }

  changedByHand(findingId: string, user: string | null): void {
    this.#unseen.add(findingId);
    const ours = user !== null && this.#declaredFor.get(findingId)?.has(user);
    if (this.#declared.has(findingId) || ours) this.#givenByHand.delete(findingId);
    else this.#givenByHand.set(findingId, user);
  }

  wentOrCame(findingId: string): void {
    this.#unseen.add(findingId);
    this.#wasGone.add(findingId);
  }

  moveBroke(findingId: string): void {
    this.#betweenResources.set(findingId, this.#declared.get(findingId));
  }

  /** A refresh has seen everything. */
  refreshed(): void {
    this.#unseen.clear();
  }

  /** After an `up` without errors: the declared state is reached, as far as it could know. */
  assertReached(): void {
    const last = lastChanges(this.emulator.ownerChanges);
    for (const id of this.#declared.keys()) this.#betweenResources.delete(id);
    for (const [id, owner] of this.emulator.owners()) {
      if (!this.#unseen.has(id)) this.#assertOwner(id, owner, last.get(id));
    }
  }

  /** What holds at any time. */
  assertNothingElseTouched(): void {
    for (const { findingId, from, to, by } of this.emulator.ownerChanges) {
      if (by === "hand") continue;
      const users = this.#declaredFor.get(findingId);
      assert.ok(users, `${findingId} was touched, and no program ever declared it`);
      if (to !== null) assert.ok(users.has(to), `${findingId} was given to ${to}, whom nobody declared`);
      else if (from !== null) assert.ok(users.has(from), `${findingId} was taken from ${from}`);
    }
  }

  #mayBeForgotten(id: string): boolean {
    return this.#wasGone.has(id) || this.#betweenResources.has(id) || this.#leftAlone.has(id);
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
