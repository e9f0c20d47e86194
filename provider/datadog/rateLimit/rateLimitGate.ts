import type { EndpointFamily, HttpResponse, Send } from "../model/transport";
import { rateLimitOf } from "./rateLimit";
import { RateLimitBucket } from "./rateLimitBucket";
import type { RateLimitGateOptions } from "./rateLimitGateOptions";

/**
 * Holds requests back before the rate limit is hit. The limit belongs to the whole organisation, so only the
 * headers of the answers are trusted, never our own count above theirs. A 429 stops everybody under its limit
 * until the window resets; then one request goes first, and their number doubles with each good answer: no
 * herd at the reset. Families of endpoints are under limits of their own until their answers give the same
 * name.
 * @returns answers of any status, a 429 where it is not to be sent again
 */
export function withRateLimit(send: Send, options: RateLimitGateOptions): Send {
  const buckets = new Buckets(options);
  return async (request) => {
    for (;;) {
      const bucket = buckets.of(request.family);
      const refusal = await bucket.enter(request.family, request.signal);
      if (refusal) return refusal;
      let sentAt = options.clock.now();
      let response: HttpResponse | undefined;
      try {
        const { bodyAtLast } = request;
        const due = bodyAtLast ? { ...request, body: await bucket.aside(bodyAtLast) } : request;
        sentAt = options.clock.now();
        response = await send(due);
      } finally {
        buckets.learnName(request.family, response);
        bucket.leave(response, sentAt);
      }
      if (response.status !== 429 || !options.retry?.enabled || bucket.exhausted) return response;
    }
  };
}

/** The limits that families of endpoints are under. */
class Buckets {
  readonly #buckets = new Map<EndpointFamily, RateLimitBucket>();
  readonly #names = new Map<RateLimitBucket, string>();

  constructor(readonly options: RateLimitGateOptions) {}

  of(family: EndpointFamily): RateLimitBucket {
    let bucket = this.#buckets.get(family);
    if (!bucket) {
      bucket = new RateLimitBucket(this.options);
      this.#buckets.set(family, bucket);
    }
    return bucket;
  }

  /**
   * The first name that a family is told counts: an endpoint may have several limits, and tell of one or
   * another.
   */
  learnName(family: EndpointFamily, response: HttpResponse | undefined): void {
    const bucket = this.of(family);
    const name = response && rateLimitOf(response)?.name;
    if (name === undefined || this.#names.has(bucket)) return;
    const namesake = [...this.#names].find(([, known]) => known === name)?.[0];
    if (namesake) {
      bucket.mergeInto(namesake);
      this.#buckets.set(family, namesake);
    } else this.#names.set(bucket, name);
  }
}
