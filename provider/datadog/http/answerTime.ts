import { MOST_CLOCK_SKEW_MS } from "../../core/ownerJudgement";
import type { HttpResponse } from "../model/transport";

/**
 * When an answer was given, ms since the epoch: by Datadog's clock (the `Date` header), so that it compares
 * with what the search says of changes, whatever our own clock shows. A `Date` too far from our clock, or
 * none, is not believed.
 * @param now our own clock
 */
export function answerTime(response: Pick<HttpResponse, "headers">, now: number): number {
  const stated = Date.parse(response.headers.date ?? "");
  return Math.abs(stated - now) <= MOST_CLOCK_SKEW_MS ? stated : now;
}
