import { GroupCommit } from "../changes/groupCommit";
import { whenQuiet } from "../changes/whenQuiet";
import { BATCH_SIZE } from "../core/batches";
import type { Clock } from "../core/clock";
import { PermissionError } from "../datadog/errors/permissionError";
import type { Finding, FindingsApi } from "../datadog/model/findingsApi";
import { MAX_REQUESTS_AT_ONCE } from "../datadog/model/retrySettings";
import { type FoundById, searchByIds } from "../datadog/searchByIds";

export type ObservedFindings = FoundById;

interface Inquiry {
  readonly findingId: string;
  readonly answer: (observed: Observation) => void;
  readonly refuse: (error: unknown) => void;
}

interface Observation {
  readonly finding: Finding | undefined;
  readonly unreadable: boolean;
  readonly answeredAt: number;
}

/**
 * Asks the search who owns which finding, 100 to a request, ids of all resources of the process together: a
 * refresh of a hundred small resources takes about as many requests as one of a large one.
 */
export class OwnerLookup {
  readonly #api: FindingsApi;
  readonly #batches: GroupCommit<Inquiry>;
  readonly #signal: AbortSignal | undefined;
  /** Keys that may not search will not be allowed to a moment later. */
  #refused: PermissionError | undefined;

  constructor(api: FindingsApi, clock: Clock, signal?: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
    this.#batches = new GroupCommit<Inquiry>({
      send: (_key, inquiries) => this.#ask(inquiries),
      batchSize: BATCH_SIZE,
      concurrency: MAX_REQUESTS_AT_ONCE,
      schedule: whenQuiet(clock),
    });
  }

  /**
   * @param onAnswered called for each finding as it is answered for, for progress
   * @throws PermissionError where the keys may not search, or what the search failed with
   */
  async lookUp(findingIds: readonly string[], onAnswered: () => void = () => {}): Promise<ObservedFindings> {
    if (this.#refused) throw this.#refused;
    // nobody waits for company to be told so
    this.#signal?.throwIfAborted();
    const findings = new Map<string, Finding>();
    const unreadable = new Set<string>();
    let answeredAt = Number.POSITIVE_INFINITY;
    await Promise.all(
      this.#inquire(findingIds).map(async ({ findingId, answer }) => {
        const observed = await answer;
        onAnswered();
        answeredAt = Math.min(answeredAt, observed.answeredAt);
        if (observed.finding) findings.set(findingId, observed.finding);
        if (observed.unreadable) unreadable.add(findingId);
      }),
    );
    return { findings, unreadable, answeredAt };
  }

  /** Whether nothing waits and nothing is under way. */
  get idle(): boolean {
    return this.#batches.idle;
  }

  #inquire(findingIds: readonly string[]) {
    const inquiries: Inquiry[] = [];
    const answers = findingIds.map((findingId) => ({
      findingId,
      answer: new Promise<Observation>((answer, refuse) => {
        inquiries.push({ findingId, answer, refuse });
      }),
    }));
    this.#batches.add("search", inquiries);
    return answers;
  }

  async #ask(inquiries: readonly Inquiry[]): Promise<void> {
    const ids = inquiries.map((inquiry) => inquiry.findingId);
    try {
      const { findings, unreadable, answeredAt } = await searchByIds(this.#api, ids, this.#signal);
      for (const { findingId, answer } of inquiries) {
        answer({
          finding: findings.get(findingId),
          unreadable: unreadable.has(findingId),
          answeredAt,
        });
      }
    } catch (error) {
      if (error instanceof PermissionError) this.#refused = error;
      for (const { refuse } of inquiries) refuse(error);
    }
  }
}
