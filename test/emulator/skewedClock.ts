import type { Clock } from "./clock";

/**
 * A clock that runs beside another one and shows another time: a client whose clock is 10 minutes slow, or a
 * Datadog whose `Date` header says something else than the client's own clock. Sleeping takes as long on
 * both.
 */
export class SkewedClock implements Clock {
  /**
   * @param base the clock that passes
   * @param skewMs what this clock shows more than `base`; may be negative, and may be changed at any time
   */
  constructor(
    private readonly base: Clock,
    public skewMs: number,
  ) {}

  now(): number {
    return this.base.now() + this.skewMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.base.sleep(ms, signal);
  }
}
