import type { Family, HeaderMap, LimitedFamily } from "./exchange";
import { RateLimiter, type RateLimitOptions } from "./rateLimiter";

/** The limits of an organisation: each family of endpoints has its own. */
export class RateLimits {
  private readonly limiters = new Map<Family, RateLimiter>();

  constructor(private readonly now: () => number) {}

  /** A new limit, whose first window begins now; undefined: none. */
  set(family: LimitedFamily, options: RateLimitOptions | undefined): void {
    if (options === undefined) this.limiters.delete(family);
    else this.limiters.set(family, new RateLimiter({ name: `emulated_${family}`, ...options }, this.now));
  }

  of(family: Family): RateLimiter | undefined {
    return this.limiters.get(family);
  }

  headers(family: Family): HeaderMap {
    return this.limiters.get(family)?.headers() ?? {};
  }
}
