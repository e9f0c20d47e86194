import { isAmbiguous, problemOf, speaksOfAssignee } from "../datadog/errors";
import type { AssignmentReceipt, FindingProblem } from "../datadog/model/findingsApi";
import type { ChangeOutcome } from "./changeOutcome";
import type { Refusal } from "./notFoundDiagnosis";

/** What became of each finding of a batch; what is noted last counts. */
export class BatchOutcomes {
  readonly #outcomes = new Map<string, ChangeOutcome>();

  get all(): ReadonlyMap<string, ChangeOutcome> {
    return this.#outcomes;
  }

  /** Datadog accepted a request with these findings. */
  settle(findingIds: readonly string[], receipt: AssignmentReceipt): void {
    const failures = byFinding(receipt.failures);
    const warnings = byFinding(receipt.warnings);
    const leftAlone = new Set(receipt.leftAlone);
    const inDoubt = new Set(receipt.inDoubt);
    for (const id of findingIds) {
      const failure = failures.get(id);
      const warning = warnings.get(id);
      if (inDoubt.has(id)) this.leaveUnconfirmed([id], LEFT_ALONE_IN_DOUBT);
      else if (leftAlone.has(id)) this.#outcomes.set(id, { kind: "leftAlone" });
      else if (!failure) {
        const { acceptedAt } = receipt;
        this.#outcomes.set(id, { kind: "done", acceptedAt, warnings: warning ? [warning] : [] });
      } else if (failure.status === 404 && !speaksOfAssignee(failure, findingIds)) {
        this.#outcomes.set(id, { kind: "missing", problem: failure });
      } else {
        const { retryAfterMs } = receipt;
        const asked = failure.status === 429 && retryAfterMs !== undefined && { retryAfterMs };
        const ambiguous = receipt.afterUnclearTry === true;
        this.#outcomes.set(id, { kind: "failed", problem: failure, ambiguous, ...asked });
      }
    }
  }

  /** The request failed as a whole. */
  fail(findingIds: readonly string[], error: unknown): void {
    this.#failed(findingIds, problemOf(error), { ambiguous: isAmbiguous(error), final: true });
  }

  refuse(findingIds: readonly string[], refusal: Refusal): void {
    this.#failed(findingIds, refusal, { ambiguous: false });
  }

  miss(findingIds: readonly string[]): void {
    for (const findingId of findingIds) {
      const problem = { findingId, status: 404, title: "Not Found", detail: "Datadog knows no such finding" };
      this.#outcomes.set(findingId, { kind: "missing", problem });
    }
  }

  /** They may be missing, and no request told. */
  leaveUnclear(findingIds: readonly string[], problem: Refusal): void {
    this.#failed(findingIds, problem, { ambiguous: false, unclear: true });
  }

  /** Datadog may have changed all that has failed. */
  doubtFailures(): void {
    for (const [id, outcome] of this.#outcomes)
      if (outcome.kind === "failed") this.#outcomes.set(id, { ...outcome, ambiguous: true });
  }

  /** Datadog may have changed them. */
  leaveUnconfirmed(findingIds: readonly string[], problem: Refusal): void {
    this.#failed(findingIds, problem, { ambiguous: true, final: true });
  }

  #failed(
    findingIds: readonly string[],
    problem: Refusal,
    how: { readonly ambiguous: boolean; readonly final?: true; readonly unclear?: true },
  ): void {
    for (const findingId of findingIds) {
      this.#outcomes.set(findingId, { kind: "failed", problem: { findingId, ...problem }, ...how });
    }
  }
}

const LEFT_ALONE_IN_DOUBT: Refusal = {
  status: 0,
  title: "No answer",
  detail:
    "no answer said whether it was assigned; the search shows another owner now, so it was not sent again",
};

function byFinding(problems: readonly FindingProblem[]): Map<string, FindingProblem> {
  return new Map(problems.map((problem) => [problem.findingId, problem]));
}
