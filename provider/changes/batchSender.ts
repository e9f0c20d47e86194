import { isNotFound, problemOf, speaksOfAssignee, speaksOfFinding } from "../datadog/errors";
import type { AssignmentReceipt, ChangeGuard, FindingsApi } from "../datadog/model/findingsApi";
import { searchByIds } from "../datadog/searchByIds";
import { BatchOutcomes } from "./batchOutcomes";
import { bisectRefusedBatch, type PartAnswer } from "./bisectRefusedBatch";
import type { SendBatch } from "./changeOutcome";
import { NotFoundDiagnosis, type Refusal } from "./notFoundDiagnosis";
import { RequestBudget } from "./requestBudget";

/**
 * The most requests that are spent on one batch to find its missing findings where the search does not tell.
 * A release has no such bound: a delete that fails starts from the same state the next time, and would never
 * come further.
 */
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

/**
 * Sends a batch and says of each finding what became of it. One missing finding makes Datadog refuse its
 * whole batch (404). The search then tells which ones it knows, and these are sent: if a single one is left,
 * it is the missing one (3 requests in all). What the search does not know may only be new to it, so several
 * such are sent, too, and whatever is refused is halved, at the cost of at most `SPLIT_BUDGET` further
 * requests: missing is only what is refused by itself.
 */
export function createBatchSender(options: BatchSenderOptions): SendBatch {
  const diagnosis = new NotFoundDiagnosis(options.api, options.signal);
  return async (assigneeId, findingIds, guard) => {
    const batch = new Batch(options, diagnosis, assigneeId, guard);
    await batch.run(findingIds);
    return batch.outcomes.all;
  };
}

/** What the search knows of a batch; undefined where it cannot tell. */
type Seen = ReadonlySet<string> | undefined;

class Batch {
  readonly outcomes = new BatchOutcomes();
  readonly #budget: RequestBudget;
  /** Whether a 404 spoke of findings. */
  #saysFinding = false;

  constructor(
    readonly options: BatchSenderOptions,
    readonly diagnosis: NotFoundDiagnosis,
    readonly assigneeId: string | null,
    readonly guard: ChangeGuard | undefined,
  ) {
    this.#budget = new RequestBudget(assigneeId === null ? Number.POSITIVE_INFINITY : SPLIT_BUDGET);
  }

  async run(findingIds: readonly string[]): Promise<void> {
    if ((await this.#send(findingIds)) !== "notFound") return;
    if (this.#certain && findingIds.length === 1) {
      this.outcomes.miss(findingIds);
      return;
    }
    const seen = await this.#search(findingIds);
    if (this.#certain) await this.#resolve(findingIds, seen);
    else await this.diagnosis.inTurn(this.assigneeId, () => this.#resolve(findingIds, seen));
  }

  /** Whether a 404 is about findings, and not about the user or the endpoint. */
  get #certain(): boolean {
    return this.#saysFinding || this.diagnosis.hasAccepted(this.assigneeId);
  }

  async #send(findingIds: readonly string[]): Promise<PartAnswer> {
    const answer = await this.#sendOnce(findingIds);
    if (typeof answer === "string") return answer;
    await this.#confirm(findingIds, answer);
    return "other";
  }

  /** @returns the receipt where it does not say which of the findings failed: then no outcome is noted */
  async #sendOnce(findingIds: readonly string[]): Promise<PartAnswer | AssignmentReceipt> {
    const { api, uuid, signal, onAccepted, onError } = this.options;
    const refusal = this.diagnosis.refusalOf(this.assigneeId);
    if (refusal) {
      this.outcomes.refuse(findingIds, refusal);
      return "other";
    }
    try {
      const receipt = await api.assign(findingIds, this.assigneeId, uuid(), signal, this.guard);
      const { leftAlone } = receipt;
      if (leftAlone.length < findingIds.length) this.diagnosis.accept(this.assigneeId);
      if (receipt.unattributed.length > 0) return receipt;
      this.outcomes.settle(findingIds, receipt);
      const failed = new Set([...receipt.failures.map(({ findingId }) => findingId), ...leftAlone]);
      onAccepted?.(
        this.assigneeId,
        findingIds.filter((id) => !failed.has(id)),
        receipt.acceptedAt,
      );
      return leftAlone.length === 0 ? "accepted" : "other";
    } catch (error) {
      if (isNotFound(error)) {
        this.#saysFinding ||= speaksOfFinding(error, findingIds);
        if (!speaksOfAssignee(error, findingIds)) return "notFound";
        this.diagnosis.refuse(this.assigneeId, problemOf(error));
      }
      this.outcomes.fail(findingIds, error);
      onError?.(error);
      return "other";
    }
  }

  /**
   * Something of the batch failed, and Datadog named findings that were not in it. Only what is accepted in a
   * request that fails in no part counts as done: the search may show who had a finding before, or that
   * somebody else gave it to the same user.
   */
  async #confirm(findingIds: readonly string[], receipt: AssignmentReceipt): Promise<void> {
    const [only] = findingIds;
    if (only !== undefined && findingIds.length === 1) {
      this.#refuseAlone(only, receipt);
      return;
    }
    const answers = new Map<string, AssignmentReceipt>();
    const { rejected, unclear } = await bisectRefusedBatch(findingIds, {
      send: async (part) => {
        const answer = await this.#sendOnce(part);
        if (typeof answer === "object") {
          for (const id of part) answers.set(id, answer);
          return "notFound";
        }
        if (answer === "notFound") this.outcomes.leaveUnclear(part, UNCONFIRMED);
        return answer === "notFound" ? "other" : answer;
      },
      budget: this.#budget,
      mostAreMissing: false,
      shouldStop: () => false,
    });
    this.outcomes.leaveUnconfirmed(unclear, UNCONFIRMED);
    // Whatever became of it since, the first request may have changed it. What is refused alone was refused
    // then, too.
    this.outcomes.doubtFailures();
    for (const id of rejected) this.#refuseAlone(id, answers.get(id) ?? receipt);
  }

  /** What the answer to a single finding says is about that finding, whatever id it names. */
  #refuseAlone(findingId: string, { unattributed }: AssignmentReceipt): void {
    const { status = 0, title = "", detail = "" } = unattributed[0] ?? {};
    if (status === 404 && !speaksOfAssignee({ status, title, detail }, [findingId]))
      this.outcomes.miss([findingId]);
    else this.outcomes.refuse([findingId], { status, title, detail });
  }

  /** Where the search is not there either, nothing is: then all that follows is refused. */
  async #search(findingIds: readonly string[]): Promise<Seen> {
    const { api, signal } = this.options;
    try {
      const { findings, unreadable } = await searchByIds(api, findingIds, signal);
      return new Set([...findings.keys(), ...unreadable]);
    } catch (error) {
      if (isNotFound(error) && !this.diagnosis.endpointAnswers) this.diagnosis.refuseAll(noEndpoint(error));
      return undefined;
    }
  }

  /** @param findingIds which were refused together */
  async #resolve(findingIds: readonly string[], seen: Seen): Promise<void> {
    const known = findingIds.filter((id) => seen?.has(id));
    const others = findingIds.filter((id) => !seen?.has(id));
    if (known.length === 0 || others.length === 0) {
      await this.#bisect(findingIds, seen);
      return;
    }
    const answer = await this.#send(known);
    if (answer === "notFound") await this.#bisect(known, seen);
    // With a guard it may not have been among those that were refused.
    const isProof = answer === "accepted" && !this.guard;
    if (isProof && others.length === 1) this.outcomes.miss(others);
    else if (!this.#budget.spend()) this.#leaveUntold(others);
    else if ((await this.#send(others)) === "notFound") await this.#bisect(others, seen);
  }

  /** @param findingIds which were refused together */
  async #bisect(findingIds: readonly string[], seen: Seen): Promise<void> {
    const { assigneeId, diagnosis } = this;
    const exists = this.#certain || diagnosis.refusalOf(assigneeId) ? undefined : await this.#exists();
    const refusal = diagnosis.refusalOf(assigneeId);
    if (refusal) {
      this.outcomes.refuse(findingIds, refusal);
      return;
    }
    const { rejected, unclear } = await bisectRefusedBatch(findingIds, {
      send: (part) => this.#send(part),
      budget: this.#budget,
      mostAreMissing: seen !== undefined && !findingIds.some((id) => seen.has(id)),
      shouldStop: () => !this.#certain && findingIds.every((id) => seen?.has(id)),
    });
    for (const id of rejected) {
      if (this.#certain || (seen ? !seen.has(id) : exists)) this.outcomes.miss([id]);
      else if (seen) this.outcomes.refuse([id], refusedThroughout(assigneeId));
      else this.outcomes.leaveUnclear([id], UNSAID);
    }
    if (unclear.length === 0) return;
    const plausible = seen ? !findingIds.some((id) => seen.has(id)) : exists;
    if (this.#certain || plausible) this.#leaveUntold(unclear);
    else {
      // Whatever was tried for this user was refused: so would be what follows.
      diagnosis.refuse(assigneeId, refusedThroughout(assigneeId));
      this.outcomes.refuse(unclear, refusedThroughout(assigneeId));
    }
  }

  async #exists(): Promise<boolean | undefined> {
    if (!this.#budget.spend()) return undefined;
    const exists = await this.diagnosis.exists(this.assigneeId);
    if (exists === false) this.diagnosis.refuse(this.assigneeId, unknownUser(this.assigneeId));
    return exists;
  }

  #leaveUntold(findingIds: readonly string[]): void {
    const detail =
      findingIds.length === 1
        ? `it may not exist, and ${SPLIT_BUDGET} requests did not tell`
        : `some of these ${findingIds.length} findings do not exist, and ${SPLIT_BUDGET} requests did not tell which`;
    this.outcomes.leaveUnclear(findingIds, { status: 0, title: "Not told apart", detail });
  }
}

const UNCONFIRMED: Refusal = {
  status: 0,
  title: "Not confirmed",
  detail:
    "Datadog accepted the request, but named failures of findings that were not in it: it is not known whether this one was changed",
};

const UNSAID: Refusal = {
  status: 404,
  title: "Not Found",
  detail:
    "Datadog does not say whether the finding or the user is unknown, and these keys have no permission to find out",
};

/** What the search says of the host goes for assignments as well. */
function noEndpoint(searchError: Error): Refusal {
  return {
    status: 0,
    title: "No such endpoint",
    detail: `Datadog answered the assignment with 404, and the search, too: ${searchError.message}`,
  };
}

function unknownUser(assigneeId: string | null): Refusal {
  return { status: 404, title: "Not Found", detail: `Datadog knows no user ${assigneeId}` };
}

function refusedThroughout(assigneeId: string | null): Refusal {
  const user = assigneeId === null ? "" : `the user ${assigneeId} may not exist, or `;
  const detail =
    `Datadog answers 404 to every part of the batch, even for findings that its search shows: ${user}` +
    "the endpoint, which is in preview, may be gone";
  return { status: 0, title: "Refused", detail };
}
