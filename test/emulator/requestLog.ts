import type { Family, HeaderMap } from "./exchange";

/**
 * A finding that no request named and whose owner changed all the same: it shares a ticket with one that was
 * named.
 */
export interface Consequence {
  readonly findingId: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Key of the case. */
  readonly ticket: string;
}

export interface LoggedRequest {
  /** From 0, in order of arrival. */
  readonly index: number;
  /** Clock of the emulator, ms since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly family: Family;
  /** As sent; the values of the keys are replaced. */
  readonly headers: HeaderMap;
  /** False where a key was wrong or without the permission. */
  authorised: boolean;
  /** undefined as long as no answer was given; `reset`, `hang`, `cut` where a fault gave none. */
  outcome: number | "reset" | "hang" | "cut" | undefined;
  /** True where the owners were changed, whatever the caller got to see. */
  applied: boolean;
  /** Of a PATCH: `data.id`. */
  requestId?: string;
  /** Of a PATCH. */
  findingIds?: readonly string[];
  /** Of a PATCH; null: unassign. */
  assigneeId?: string | null;
  /** Of a PATCH: the ids that the answer names as failed, in its own form of them. */
  failedIds?: readonly string[];
  /** Of a PATCH: what it changed beside the findings that it named. */
  consequences?: readonly Consequence[];
  /** Of a search: the query; of a user list: the filter. */
  query?: string;
  /** Name of the fault that hit this request. */
  fault?: string;
}

export interface LogFilter {
  readonly family?: Family;
  readonly method?: string;
  readonly outcome?: LoggedRequest["outcome"];
}

/** What was asked of the emulator, in order of arrival. */
export class RequestLog implements Iterable<LoggedRequest> {
  private entries: LoggedRequest[] = [];

  get all(): readonly LoggedRequest[] {
    return this.entries;
  }

  [Symbol.iterator](): Iterator<LoggedRequest> {
    return this.entries[Symbol.iterator]();
  }

  push(entry: Omit<LoggedRequest, "index" | "authorised" | "outcome" | "applied">): LoggedRequest {
    const logged = {
      ...entry,
      index: this.entries.length,
      authorised: false,
      outcome: undefined,
      applied: false,
    };
    this.entries.push(logged);
    return logged;
  }

  filter(filter: Family | LogFilter): LoggedRequest[] {
    const wanted: LogFilter = typeof filter === "string" ? { family: filter } : filter;
    return this.entries.filter(
      (entry) =>
        (wanted.family === undefined || entry.family === wanted.family) &&
        (wanted.method === undefined || entry.method === wanted.method) &&
        (wanted.outcome === undefined || entry.outcome === wanted.outcome),
    );
  }

  /** All requests, or those of a family or filter. */
  count(filter: Family | LogFilter = {}): number {
    return this.filter(filter).length;
  }

  /** Sizes of the PATCHes, in order. */
  batchSizes(): number[] {
    return this.filter("assignee").map((entry) => entry.findingIds?.length ?? 0);
  }

  reset(): void {
    this.entries = [];
  }
}

const KEY_HEADERS = new Set(["dd-api-key", "dd-application-key", "authorization", "cookie"]);

export function withoutKeys(headers: HeaderMap): HeaderMap {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, KEY_HEADERS.has(name) ? "[key]" : value]),
  );
}
