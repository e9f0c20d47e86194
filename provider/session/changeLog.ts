import { messageOf } from "../core/messageOf";
import type { TriageAssignee } from "../datadog/model/findingsApi";
import type { KnownUsers } from "./knownUsers";

/** What is known of a change before it is sent. */
export interface ExpectedChange {
  /** As a message names the resource. */
  readonly resource?: string;
  /** Of a FindingsOwnership. */
  readonly rule?: string;
  /** Who had the finding, as the search showed it; null: nobody; absent: nobody looked. */
  readonly from?: Pick<TriageAssignee, "id" | "name"> | null;
}

/** Evidence of each finding that changed owner: a line of JSON as soon as Datadog has accepted it. */
export class ChangeLog {
  readonly #write: (line: string) => void;
  readonly #users: KnownUsers;
  readonly #print: (line: string) => void;
  readonly #expected = new Map<string, ExpectedChange>();
  #isIncomplete = false;

  /**
   * @param write throws where there is no room any more, say
   * @param print tells once that it did
   */
  constructor(write: (line: string) => void, users: KnownUsers, print: (line: string) => void) {
    this.#write = write;
    this.#users = users;
    this.#print = print;
  }

  expect(findingId: string, change: ExpectedChange): void {
    // Who knows more has said it before.
    this.#expected.set(findingId, { ...change, ...this.#expected.get(findingId) });
  }

  /** @param acceptedAt ms since the epoch by Datadog's clock */
  accepted(assigneeId: string | null, findingIds: readonly string[], acceptedAt: number): void {
    for (const id of findingIds) {
      const { from, ...known } = this.#expected.get(id) ?? {};
      this.#expected.delete(id);
      // Sent all the same: Datadog takes the same owner again without a change.
      if (from !== undefined && (from?.id ?? null) === assigneeId) continue;
      const line = {
        id,
        ...(from !== undefined && { from: from && this.#users.identify(from) }),
        to: assigneeId === null ? null : this.#users.identify({ id: assigneeId }),
        ...known,
        acceptedAt: new Date(acceptedAt).toISOString(),
      };
      this.#add(`${JSON.stringify(line)}\n`);
    }
  }

  /** Datadog has accepted the change, whether it can be written down or not. */
  #add(line: string): void {
    try {
      this.#write(line);
    } catch (error) {
      if (this.#isIncomplete) return;
      this.#isIncomplete = true;
      const reason = messageOf(error);
      this.#print(`warning: the file of datadog:changesFile lacks changes of this deployment: ${reason}`);
    }
  }
}
