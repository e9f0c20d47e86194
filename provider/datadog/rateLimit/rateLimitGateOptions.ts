import type { Clock } from "../../core/clock";
import type { RetrySettings } from "../model/retrySettings";
import type { EndpointFamily } from "../model/transport";

/** Told when requests of a family have to wait. */
export interface Waiting {
  readonly family: EndpointFamily;
  readonly ms: number;
}

export interface RateLimitGateOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Called when requests of a family have to wait, for progress. */
  readonly onWait?: (waiting: Waiting) => void;
  /** The most requests under one limit that are under way at once; default 8. */
  readonly concurrency?: number;
  /** How often and how long what was refused with a 429 is sent again; default: never. */
  readonly retry?: RetrySettings;
}
