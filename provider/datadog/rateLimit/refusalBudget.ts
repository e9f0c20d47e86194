import type { RetrySettings } from "../model/retrySettings";

/** How long a limit may refuse everything while it says each time when its window ends. */
const LONGEST_REFUSAL_MS = 2 * 60 * 60_000;

/**
 * How long 429s are tolerated. Those that say when to come again are waited for, for two hours of nothing but
 * refusals at most; those that do not say are tried again as often and as long as any failed request. All
 * requests under one limit count together, since a 429 refuses whatever is under that limit.
 */
export class RefusalBudget {
  #since: number | undefined;
  #unstated = 0;
  #unstatedMs = 0;
  #exhausted = false;

  constructor(private readonly settings: Pick<RetrySettings, "maxRetries" | "timeoutMs">) {}

  /** Whether it is no use to wait: until something is accepted again. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** @param stated whether `waitMs` is what the answer asked for */
  refused(now: number, waitMs: number, stated: boolean): void {
    this.#since ??= now;
    if (!stated) {
      this.#unstated++;
      this.#unstatedMs += waitMs;
    }
    const { maxRetries, timeoutMs } = this.settings;
    this.#exhausted ||=
      this.#unstated > maxRetries ||
      this.#unstatedMs > timeoutMs ||
      now + waitMs - this.#since > LONGEST_REFUSAL_MS;
  }

  accepted(): void {
    this.#since = undefined;
    this.#unstated = 0;
    this.#unstatedMs = 0;
    this.#exhausted = false;
  }
}
