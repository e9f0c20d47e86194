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
  readonly #expected = new Map<string, ExpectedChange>();

  constructor(write: (line: string) => void, users: KnownUsers) {
    this.#write = write;
    this.#users = users;
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
      this.#write(`${JSON.stringify(line)}\n`);
    }
  }
}
