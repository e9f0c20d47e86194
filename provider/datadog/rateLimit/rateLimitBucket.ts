import { onAbort } from "../../core/onAbort";
import { backoffMs } from "../model/backoff";
import { DEFAULT_RETRY, MAX_REQUESTS_AT_ONCE } from "../model/retrySettings";
import type { EndpointFamily, HttpResponse } from "../model/transport";
import { type RateLimit, rateLimitOf, statedWaitMs } from "./rateLimit";
import type { RateLimitGateOptions } from "./rateLimitGateOptions";
import { isCertain, isLaterWindow, laterWindow, type RateLimitWindow, windowOf } from "./rateLimitWindow";
import { RefusalBudget } from "./refusalBudget";

interface Waiter {
  readonly family: EndpointFamily;
  /** @param refusal what everybody gets who waits for a limit that is not worth it */
  readonly go: (refusal?: HttpResponse) => void;
}

/** Windows end at whole seconds of Datadog's clock, so what they say can be early by a fraction. */
const MARGIN_MS = 100;
const JITTER_MS = 250;
const LEAST_STATED_MS = 1_000;
/** Over so many windows do those spread who were refused in window after window. */
const MOST_WINDOWS = 4;

/**
 * All requests under one rate limit: those that wait, those under way, and what the answers have told of the
 * limit.
 */
export class RateLimitBucket {
  readonly #waiting: Waiter[] = [];
  readonly #refusalBudget: RefusalBudget;
  #inFlight = 0;
  /** How many may be under way now. */
  #maxInFlight = 1;
  #window: RateLimitWindow | undefined;
  /** The one before. */
  #ended: RateLimitWindow | undefined;
  #enteredAt = 0;
  /** How many requests of ours this window may have counted. */
  #sent = 0;
  /** Whether others use the limit, too. */
  #shared = false;
  /** Whether each answer has told this window from the next. */
  #windowIsCertain = true;
  /** One request goes first, because others may have used up the window, or because it may not have begun. */
  #probing = false;
  #blockedUntil = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;
  #refusal: HttpResponse | undefined;
  /** In a row: those of one moment count once. */
  #refusals = 0;
  #wakesAt: number | undefined;
  #mergedInto: RateLimitBucket | undefined;
  /** Whether families of endpoints share it. */
  #sharedByFamilies = false;
  /** How many of those that may go ask something first. */
  #aside = 0;

  constructor(readonly options: RateLimitGateOptions) {
    this.#refusalBudget = new RefusalBudget(options.retry ?? DEFAULT_RETRY);
  }

  get exhausted(): boolean {
    return this.#mergedInto?.exhausted ?? this.#refusalBudget.exhausted;
  }

  /**
   * @returns the refusal that everybody gets for now, instead of being sent; undefined: to be sent, and to
   * leave again
   */
  enter(family: EndpointFamily, signal: AbortSignal | undefined): Promise<HttpResponse | undefined> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const go = (refusal?: HttpResponse) => {
        stopListening();
        resolve(refusal);
      };
      const waiter: Waiter = { family, go };
      const stopListening = onAbort(signal, () => {
        this.#forget(waiter);
        reject(signal?.reason);
      });
      // Somebody stands aside until this is answered.
      if (this.#aside > 0) this.#waiting.unshift(waiter);
      else this.#waiting.push(waiter);
      this.#admit();
    });
  }

  leave(response: HttpResponse | undefined, sentAt: number): void {
    if (this.#mergedInto) {
      this.#mergedInto.leave(response, sentAt);
      return;
    }
    this.#inFlight--;
    if (response) this.#learn(response, sentAt);
    this.#admit();
  }

  /**
   * What a request asks before it goes, it may have to ask under its own limit: there it must not stand in
   * its own way.
   */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    const bucket = this.#mergedInto ?? this;
    if (!bucket.#sharedByFamilies) return work();
    bucket.#aside++;
    bucket.#inFlight--;
    try {
      return await work();
    } finally {
      bucket.#aside--;
      bucket.#inFlight++;
    }
  }

  /** The limit has turned out to be that of another bucket. */
  mergeInto(other: RateLimitBucket): void {
    this.#mergedInto = other;
    other.#sharedByFamilies = true;
    other.#inFlight += this.#inFlight;
    other.#sent += this.#sent;
    other.#waiting.push(...this.#waiting.splice(0));
  }

  #forget(waiter: Waiter): void {
    if (this.#mergedInto) this.#mergedInto.#forget(waiter);
    const index = this.#waiting.indexOf(waiter);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  #learn(response: HttpResponse, sentAt: number): void {
    const now = this.options.clock.now();
    const stated = rateLimitOf(response);
    if (stated) this.#learnWindow(stated, sentAt, now);
    if (!stated || this.#window) this.#probing = false;
    if (response.status === 429) this.#stop(response, sentAt, now);
    // A good answer to what left before a 429 says nothing of the time after it.
    else if (response.status < 400 && now >= this.#blockedUntil) this.#admitMore();
  }

  #learnWindow(stated: RateLimit, sentAt: number, now: number): void {
    const told = windowOf(stated, sentAt, now);
    this.#windowIsCertain &&= isCertain(told, stated);
    // What left in the window before may have been counted there: taken for this one, it would end this one
    // too early.
    if (this.#ended && sentAt < this.#enteredAt && !isLaterWindow(this.#ended, told)) return;
    if (this.#window && isLaterWindow(this.#window, told)) this.#sent = this.#inFlight + 1;
    this.#window = laterWindow(this.#window, told, this.#windowIsCertain);
    if (this.#window.limit - this.#window.remaining > this.#sent) this.#shared = true;
  }

  /** Where it is known what is left, that need not be felt for, unless it has just gone wrong. */
  #admitMore(): void {
    const most = this.options.concurrency ?? MAX_REQUESTS_AT_ONCE;
    const isKnown = this.#window !== undefined && this.#windowIsCertain && this.#refusals === 0;
    this.#maxInFlight = isKnown ? most : Math.min(most, this.#maxInFlight * 2);
    this.#refusals = 0;
    this.#refusalBudget.accepted();
  }

  #stop(response: HttpResponse, sentAt: number, now: number): void {
    // What left before the last refusal could not know of it.
    const isNew = sentAt >= this.#refusedAt;
    if (isNew) {
      this.#refusals++;
      this.#refusedAt = now;
    }
    const stated = statedWaitMs(response, now) ?? 0;
    // Asked to wait for no time at all, we would ask again and again.
    const isStated = stated >= LEAST_STATED_MS;
    const waitMs = isStated ? stated : Math.max(stated, this.#backoffMs());
    this.#maxInFlight = 1;
    this.#shared = true;
    this.#refusal = response;
    const spread = isStated ? this.#spreadMs(rateLimitOf(response)?.periodMs ?? waitMs) : JITTER_MS;
    const until = now + waitMs + MARGIN_MS + this.options.random() * spread;
    this.#blockedUntil = Math.max(this.#blockedUntil, until);
    if (isNew) this.#refusalBudget.refused(now, until - now, isStated);
  }

  /**
   * Refused again and again, we are too many for the limit: then each stays away from some windows, and comes
   * somewhere in one.
   */
  #spreadMs(periodMs: number): number {
    const again = Math.min(MOST_WINDOWS, this.#refusals - 1);
    return Math.max(JITTER_MS, again * periodMs);
  }

  #backoffMs(): number {
    const before = Math.max(0, this.#refusals - 1);
    return backoffMs(this.options.retry ?? DEFAULT_RETRY, before, this.options.random);
  }

  #admit(): void {
    while (this.#waiting.length > 0) {
      const now = this.options.clock.now();
      if (this.exhausted && now < this.#blockedUntil) {
        this.#refuseAll();
        return;
      }
      const opensAt = this.#opensAt(now);
      if (opensAt === undefined) return;
      if (opensAt > now) {
        this.#wakeAt(opensAt, now);
        return;
      }
      this.#inFlight++;
      this.#sent++;
      this.#waiting.shift()?.go();
    }
  }

  #refuseAll(): void {
    for (const { go } of this.#waiting.splice(0)) go(this.#refusal);
  }

  /** When the next may go; undefined: when one that is under way returns. */
  #opensAt(now: number): number | undefined {
    if (now < this.#blockedUntil) return this.#blockedUntil;
    this.#enterNextWindow(now);
    if (this.#inFlight >= (this.#probing ? 1 : this.#maxInFlight)) return undefined;
    if (this.#inFlight === 0 && !this.#window) return now;
    if (this.#left() > 0) return now;
    if (this.#inFlight > 0 || !this.#window) return undefined;
    return this.#window.endsAt + MARGIN_MS + this.options.random() * JITTER_MS;
  }

  /** How many more may leave. Before a new window's first answer: as many as were in the one before. */
  #left(): number {
    if (this.#window) return this.#window.remaining - this.#inFlight;
    return this.#ended ? this.#ended.limit - this.#sent : Number.POSITIVE_INFINITY;
  }

  /**
   * What is left in a new window is known from its first answer; where nobody else uses the limit, it is all
   * of it.
   */
  #enterNextWindow(now: number): void {
    if (!this.#window || now < this.#window.endsAt) return;
    this.#ended = this.#window;
    this.#window = undefined;
    this.#enteredAt = now;
    this.#sent = this.#inFlight;
    this.#probing = this.#shared || !this.#windowIsCertain;
    if (!this.#windowIsCertain) this.#maxInFlight = 1;
    this.#windowIsCertain = true;
  }

  #wakeAt(time: number, now: number): void {
    // Each call draws its jitter anew: a moment earlier is the same waiting, announced before.
    if (this.#wakesAt !== undefined && this.#wakesAt <= time + JITTER_MS) return;
    this.#wakesAt = time;
    const [first] = this.#waiting;
    if (first) this.options.onWait?.({ family: first.family, ms: time - now });
    void this.options.clock.sleep(time - now).then(() => {
      if (this.#wakesAt === time) this.#wakesAt = undefined;
      this.#admit();
    });
  }
}
