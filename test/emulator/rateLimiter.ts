import type { HeaderMap } from "./exchange";

/** A fixed window, shared by all callers of the organisation. */
export interface RateLimitOptions {
  readonly limit: number;
  readonly periodSeconds: number;
  /** What `X-RateLimit-Name` says. */
  readonly name?: string;
  /** Default true: without, nobody can know the limit beforehand. */
  readonly headers?: boolean;
  /** Default false: a 429 carries `Retry-After` too. */
  readonly retryAfter?: boolean;
  /** What others take from each window at its start. Windows count from 0. */
  readonly others?: (windowIndex: number) => number;
}

/** Windows begin with the limiter, one after another without a gap. */
export class RateLimiter {
  private readonly startedAt: number;
  private windowIndex = -1;
  private used = 0;

  constructor(
    readonly options: RateLimitOptions,
    private readonly now: () => number,
  ) {
    this.startedAt = now();
  }

  /** Takes `count` from the window, as far as there is; false: there was not enough. */
  take(count = 1): boolean {
    this.enterWindow();
    const enough = this.used + count <= this.options.limit;
    this.used = Math.min(this.options.limit, this.used + count);
    return enough;
  }

  headers(): HeaderMap {
    if (this.options.headers === false) return {};
    this.enterWindow();
    return {
      "x-ratelimit-limit": String(this.options.limit),
      "x-ratelimit-period": String(this.options.periodSeconds),
      "x-ratelimit-remaining": String(this.options.limit - this.used),
      "x-ratelimit-reset": String(this.secondsToReset()),
      "x-ratelimit-name": this.options.name ?? "emulated_limit",
    };
  }

  retryAfter(): HeaderMap {
    return this.options.retryAfter === true ? { "retry-after": String(this.secondsToReset()) } : {};
  }

  message(): string {
    const { limit, periodSeconds } = this.options;
    return `Rate limit of ${limit} requests in ${periodSeconds} seconds reached. Please try again later.`;
  }

  private enterWindow(): void {
    const index = Math.floor((this.now() - this.startedAt) / (this.options.periodSeconds * 1000));
    if (index === this.windowIndex) return;
    this.windowIndex = index;
    this.used = Math.min(this.options.limit, this.options.others?.(index) ?? 0);
  }

  /** Whole seconds, rounded up, as Datadog sends them: who waits that long is past the reset. */
  private secondsToReset(): number {
    const end = this.startedAt + (this.windowIndex + 1) * this.options.periodSeconds * 1000;
    return Math.max(0, Math.ceil((end - this.now()) / 1000));
  }
}
