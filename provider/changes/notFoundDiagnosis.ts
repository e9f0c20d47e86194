import type { FindingProblem, FindingsApi } from "../datadog/model/findingsApi";

/** What would be said of any finding. */
export type Refusal = Omit<FindingProblem, "findingId">;

/**
 * What this process has learned of the users to whom findings are assigned (null: of unassigning). A 404 may
 * mean a finding, the user, or an endpoint that is not there; once a batch for a user was accepted, it means
 * findings. Once it is known to mean the user, the batches that follow need not be sent.
 */
export class NotFoundDiagnosis {
  readonly #api: Pick<FindingsApi, "getUser">;
  readonly #signal: AbortSignal | undefined;
  readonly #accepted = new Set<string | null>();
  readonly #refusals = new Map<string | null, Refusal>();
  readonly #lookups = new Map<string, Promise<boolean | undefined>>();
  readonly #turns = new Map<string | null, Promise<void>>();
  #refusedAll: Refusal | undefined;

  constructor(api: Pick<FindingsApi, "getUser">, signal?: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  accept(assigneeId: string | null): void {
    this.#accepted.add(assigneeId);
    this.#refusals.delete(assigneeId);
    this.#refusedAll = undefined;
  }

  refuse(assigneeId: string | null, refusal: Refusal): void {
    this.#refusals.set(assigneeId, refusal);
  }

  refuseAll(refusal: Refusal): void {
    this.#refusedAll = refusal;
  }

  refusalOf(assigneeId: string | null): Refusal | undefined {
    return this.#refusals.get(assigneeId) ?? this.#refusedAll;
  }

  /** Whether a batch for this user was accepted. */
  hasAccepted(assigneeId: string | null): boolean {
    return this.#accepted.has(assigneeId);
  }

  /** Whether any batch was accepted: then the endpoint is there. */
  get endpointAnswers(): boolean {
    return this.#accepted.size > 0;
  }

  /**
   * Whether Datadog knows the user, asked once a process; undefined where it cannot be asked, or nobody is
   * meant.
   */
  exists(assigneeId: string | null): Promise<boolean | undefined> {
    if (assigneeId === null) return Promise.resolve(undefined);
    let lookup = this.#lookups.get(assigneeId);
    if (!lookup) {
      lookup = this.#api.getUser(assigneeId, this.#signal).then(
        (user) => user !== undefined,
        () => undefined,
      );
      this.#lookups.set(assigneeId, lookup);
    }
    return lookup;
  }

  /**
   * One after another: what the first finds out about the user spares the others their requests. `work` must
   * not reject.
   */
  inTurn(assigneeId: string | null, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(assigneeId) ?? Promise.resolve()).then(work);
    this.#turns.set(assigneeId, turn);
    return turn;
  }
}
