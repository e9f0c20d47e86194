import type { Clock } from "../core/clock";
import { rateLimitOf, statedWaitMs } from "./rateLimit";
import { laterWindow, type RateLimitWindow, windowOf } from "./rateLimitWindow";
import type { EndpointFamily, HttpResponse, Send } from "./transport";

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
  /** The most requests of one family under way at once; default 8. */
  readonly concurrency?: number;
}

/**
 * Holds requests back before the rate limit is hit. The limit belongs to the whole organisation, so only the headers of the
 * answers are trusted, never our own count above theirs. A 429 stops everybody of its family until the window resets;
 * then one request goes first, and their number doubles with each good answer: no herd at the reset.
 */
export function withRateLimit(send: Send, options: RateLimitGateOptions): Send {
  const gates = new Map<EndpointFamily, FamilyGate>();
  return async (request) => {
    let gate = gates.get(request.family);
    if (!gate) {
      gate = new FamilyGate(request.family, options);
      gates.set(request.family, gate);
    }
    await gate.enter(request.signal);
    let sentAt = options.clock.now();
    let response: HttpResponse | undefined;
    try {
      const { bodyAtLast } = request;
      const due = bodyAtLast ? { ...request, body: await bodyAtLast() } : request;
      sentAt = options.clock.now();
      response = await send(due);
      return response;
    } finally {
      gate.leave(response, sentAt);
    }
  };
}

interface Waiter {
  readonly go: () => void;
  readonly signal: AbortSignal | undefined;
}

/** Windows end at whole seconds of Datadog's clock, so what they say can be early by a fraction. */
const MARGIN_MS = 100;
const JITTER_MS = 250;
const LEAST_STATED_MS = 1_000;

class FamilyGate {
  readonly #waiting: Waiter[] = [];
  #inFlight = 0;
  /** How many may be under way now. */
  #ramp = 1;
  #window: RateLimitWindow | undefined;
  #blockedUntil = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;
  /** In a row: those of one moment count once. */
  #refusals = 0;
  #wakesAt: number | undefined;

  constructor(
    readonly family: EndpointFamily,
    readonly options: RateLimitGateOptions,
  ) {}

  enter(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const abort = () => {
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(signal?.reason);
      };
      const go = () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      const waiter: Waiter = { go, signal };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.push(waiter);
      this.#admit();
    });
  }

  leave(response: HttpResponse | undefined, sentAt: number): void {
    this.#inFlight--;
    if (response) this.#learn(response, sentAt);
    this.#admit();
  }

  #learn(response: HttpResponse, sentAt: number): void {
    const now = this.options.clock.now();
    const stated = rateLimitOf(response);
    if (stated) this.#window = laterWindow(this.#window, windowOf(stated, sentAt, now));
    if (response.status === 429) this.#stop(response, sentAt, now);
    // A good answer to what left before a 429 says nothing of the time after it.
    else if (response.status < 400 && now >= this.#blockedUntil) {
      this.#refusals = 0;
      this.#ramp = Math.min(this.options.concurrency ?? 8, this.#ramp * 2);
    }
  }

  /** Asked to wait for no time at all, we would ask again and again. */
  #waitMs(response: HttpResponse, now: number): number {
    const stated = statedWaitMs(response, now) ?? 0;
    return stated >= LEAST_STATED_MS ? stated : Math.max(stated, this.#backoffMs());
  }

  #stop(response: HttpResponse, sentAt: number, now: number): void {
    // What left before the last refusal could not know of it.
    if (sentAt >= this.#refusedAt) {
      this.#refusals++;
      this.#refusedAt = now;
    }
    this.#ramp = 1;
    const until = now + this.#waitMs(response, now) + MARGIN_MS + this.options.random() * JITTER_MS;
    this.#blockedUntil = Math.max(this.#blockedUntil, until);
  }

  #backoffMs(): number {
    const before = Math.max(0, this.#refusals - 1);
    return this.options.random() * Math.min(60_000, 2_000 * 2 ** before);
  }

  #admit(): void {
    while (this.#waiting.length > 0) {
      const now = this.options.clock.now();
      const opensAt = this.#opensAt(now);
      if (opensAt === undefined) return;
      if (opensAt > now) {
        this.#wakeAt(opensAt, now);
        return;
      }
      this.#inFlight++;
      this.#waiting.shift()?.go();
    }
  }

  /** When the next may go; undefined: when one that is under way returns. */
  #opensAt(now: number): number | undefined {
    if (now < this.#blockedUntil) return this.#blockedUntil;
    this.#enterNextWindow(now);
    if (this.#inFlight >= this.#ramp) return undefined;
    if (!this.#window || this.#window.remaining - this.#inFlight > 0) return now;
    if (this.#inFlight > 0) return undefined;
    return this.#window.endsAt + MARGIN_MS + this.options.random() * JITTER_MS;
  }

  /** What is left in a new window is known only from its first answer, so one request goes first. */
  #enterNextWindow(now: number): void {
    if (!this.#window || now < this.#window.endsAt) return;
    this.#window = undefined;
    this.#ramp = 1;
  }

  #wakeAt(time: number, now: number): void {
    // Each call draws its jitter anew: a moment earlier is the same waiting, announced before.
    if (this.#wakesAt !== undefined && this.#wakesAt <= time + JITTER_MS) return;
    this.#wakesAt = time;
    this.options.onWait?.({ family: this.family, ms: time - now });
    void this.options.clock.sleep(time - now).then(() => {
      if (this.#wakesAt === time) this.#wakesAt = undefined;
      this.#admit();
    });
  }
}
