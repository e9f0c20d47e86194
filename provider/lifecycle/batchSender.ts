import { BATCH_SIZE } from "../core/batches";
import { isAmbiguous, isNotFound, problemOf, speaksOfAssignee } from "../datadog/errors";
import type { AssignmentReceipt, ChangeGuard, FindingProblem, FindingsApi } from "../datadog/findingsApi";
import { findingIdsQuery } from "../datadog/query";
import type { ChangeOutcome, SendBatch } from "./changeQueue";

/** The most requests that are spent on one batch to find its missing findings where the search does not tell. */
export const SPLIT_BUDGET = 30;

export interface BatchSenderOptions {
  readonly api: FindingsApi;
  /** Makes the UUID that goes with each request as `data.id`. */
  readonly uuid: () => string;
  readonly signal?: AbortSignal;
  /** Called with the findings of a batch whose change Datadog has accepted. */
  readonly onAccepted?: (
    assigneeId: string | null,
    findingIds: readonly string[],
    acceptedAt: number,
  ) => void;
  /** Called with the error of a request that failed as a whole. */
  readonly onError?: (error: unknown) => void;
}

type Outcomes = Map<string, ChangeOutcome>;

/**
 * Sends a batch and says of each finding what became of it. One missing finding makes Datadog refuse its whole batch: then
 * one search tells which are missing and the rest is sent (3 requests in all); where the search does not tell, the
 * batch is halved, at the cost of at most `SPLIT_BUDGET` further requests.
 */
export function createBatchSender(options: BatchSenderOptions): SendBatch {
  return async (assigneeId, findingIds, guard) => {
    const outcomes: Outcomes = new Map();
    const batch = new Batch(options, assigneeId, outcomes, guard);
    if (await batch.send(findingIds)) return outcomes;
    const present = await batch.withoutMissing(findingIds);
    const isolated = present.length < findingIds.length;
    if (present.length === 0 || (isolated && (await batch.send(present)))) return outcomes;
    await batch.split(present);
    return outcomes;
  };
}

class Batch {
  #budget = SPLIT_BUDGET;

  constructor(
    readonly options: BatchSenderOptions,
    readonly assigneeId: string | null,
    readonly outcomes: Outcomes,
    readonly guard: ChangeGuard | undefined,
  ) {}

  /** @returns false if Datadog refused the batch because of findings that it does not know */
  async send(findingIds: readonly string[]): Promise<boolean> {
    const { api, uuid, signal, onAccepted, onError } = this.options;
    try {
      const receipt = await api.assign(findingIds, this.assigneeId, uuid(), signal, this.guard);
      this.#settle(findingIds, receipt);
      const failed = new Set([...receipt.failures.map(({ findingId }) => findingId), ...receipt.leftAlone]);
      onAccepted?.(
        this.assigneeId,
        findingIds.filter((id) => !failed.has(id)),
        receipt.acceptedAt,
      );
    } catch (error) {
      if (isNotFound(error) && !speaksOfAssignee(error)) return false;
      this.#fail(findingIds, error);
      onError?.(error);
    }
    return true;
  }

  /** Settles what the search does not know as missing; returns the rest, or everything where it cannot tell. */
  async withoutMissing(findingIds: readonly string[]): Promise<readonly string[]> {
    if (findingIds.length === 1) {
      this.#miss(findingIds);
      return [];
    }
    const { api, signal } = this.options;
    try {
      const query = findingIdsQuery(findingIds);
      const page = await api.search({ query, limit: BATCH_SIZE, ...(signal && { signal }) });
      const found = new Set(page.findings.map((finding) => finding.id));
      this.#miss(findingIds.filter((id) => !found.has(id)));
      return findingIds.filter((id) => found.has(id));
    } catch {
      return findingIds;
    }
  }

  /** Halves until the missing findings stand alone, or the budget is spent. */
  async split(findingIds: readonly string[]): Promise<void> {
    if (findingIds.length === 1) {
      this.#miss(findingIds);
      return;
    }
    const middle = Math.ceil(findingIds.length / 2);
    for (const half of [findingIds.slice(0, middle), findingIds.slice(middle)]) {
      if (this.#budget <= 0) this.#giveUp(half);
      else {
        this.#budget--;
        if (!(await this.send(half))) await this.split(half);
      }
    }
  }

  #settle(findingIds: readonly string[], receipt: AssignmentReceipt): void {
    const failures = byFinding(receipt.failures);
    const warnings = byFinding(receipt.warnings);
    const leftAlone = new Set(receipt.leftAlone);
    for (const id of findingIds) {
      const failure = failures.get(id);
      const warning = warnings.get(id);
      if (leftAlone.has(id)) this.outcomes.set(id, { kind: "leftAlone" });
      else if (!failure) {
        const { acceptedAt } = receipt;
        this.outcomes.set(id, { kind: "done", acceptedAt, warnings: warning ? [warning] : [] });
      } else if (failure.status === 404 && !speaksOfAssignee(failure)) {
        this.outcomes.set(id, { kind: "missing", problem: failure });
      } else {
        this.outcomes.set(id, { kind: "failed", problem: failure, ambiguous: false });
      }
    }
  }

  #fail(findingIds: readonly string[], error: unknown): void {
    const problem = problemOf(error);
    for (const findingId of findingIds) {
      this.outcomes.set(findingId, {
        kind: "failed",
        problem: { findingId, ...problem },
        ambiguous: isAmbiguous(error),
        final: true,
      });
    }
  }

  #miss(findingIds: readonly string[]): void {
    for (const findingId of findingIds) {
      const problem = { findingId, status: 404, title: "Not Found", detail: "Datadog knows no such finding" };
      this.outcomes.set(findingId, { kind: "missing", problem });
    }
  }

  #giveUp(findingIds: readonly string[]): void {
    const detail = `among these ${findingIds.length} findings some do not exist; not told apart after ${SPLIT_BUDGET} requests`;
    for (const findingId of findingIds) {
      const problem = { findingId, status: 0, title: "Not told apart", detail };
      this.outcomes.set(findingId, { kind: "failed", problem, ambiguous: false });
    }
  }
}

function byFinding(problems: readonly FindingProblem[]): Map<string, FindingProblem> {
  return new Map(problems.map((problem) => [problem.findingId, problem]));
}
