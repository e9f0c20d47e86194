import { z } from "zod";
import type { HttpResponse } from "../model/transport";

/** What the headers of an answer say of the rate limit. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** ms until the window resets. */
  readonly resetMs: number;
  /** How long a window is, ms. */
  readonly periodMs: number | undefined;
  /** Endpoints whose answers give the same name share the limit. */
  readonly name: string | undefined;
}

/** Not `z.coerce`, to which an empty header is a zero. */
const amount = z
  .string()
  .regex(/^\s*\d+(\.\d+)?\s*$/)
  .transform(Number)
  .pipe(z.number().finite());
const positive = amount.pipe(z.number().positive());
const rateLimitHeaders = z.object({
  "x-ratelimit-limit": positive,
  "x-ratelimit-remaining": amount,
  "x-ratelimit-reset": amount,
});

/** The longest that an answer may ask for. */
const LONGEST_MS = 24 * 60 * 60_000;

/**
 * Datadog's windows are no longer. Nobody has been refused who waits for their end, so it does no harm to ask
 * by then.
 */
const LONGEST_WINDOW_MS = 60 * 60_000;

/**
 * undefined where the headers are absent or make no sense. Source:
 * https://docs.datadoghq.com/api/latest/rate-limits/
 */
export function rateLimitOf(response: HttpResponse): RateLimit | undefined {
  const parsed = rateLimitHeaders.safeParse(response.headers);
  if (!parsed.success) return undefined;
  return {
    limit: parsed.data["x-ratelimit-limit"],
    remaining: parsed.data["x-ratelimit-remaining"],
    resetMs: Math.min(resetMs(response) ?? 0, LONGEST_WINDOW_MS),
    periodMs: periodMs(response),
    name: response.headers["x-ratelimit-name"]?.trim() || undefined,
  };
}

/**
 * How long a 429 or 503 asks to wait, ms: the longer of Retry-After (seconds or a date) and the reset of the
 * window.
 * @param now our own clock, for an answer that does not say when it was given
 */
export function statedWaitMs(response: HttpResponse, now: number): number | undefined {
  const waits = [retryAfterMs(response, now)];
  if (response.status === 429) waits.push(resetMs(response));
  const stated = waits.filter((ms) => ms !== undefined);
  return stated.length > 0 ? Math.max(...stated) : undefined;
}

/** A window resets within its period, whatever else is said. */
function resetMs(response: HttpResponse): number | undefined {
  const parsed = amount.safeParse(response.headers["x-ratelimit-reset"]);
  return parsed.success ? Math.min(parsed.data * 1_000, periodMs(response) ?? LONGEST_MS) : undefined;
}

function periodMs(response: HttpResponse): number | undefined {
  const parsed = positive.safeParse(response.headers["x-ratelimit-period"]);
  return parsed.success ? Math.min(parsed.data * 1_000, LONGEST_MS) : undefined;
}

function retryAfterMs(response: HttpResponse, now: number): number | undefined {
  const header = response.headers["retry-after"];
  if (header === undefined) return undefined;
  const parsed = amount.safeParse(header);
  if (parsed.success) return Math.min(parsed.data * 1_000, LONGEST_MS);
  const date = Date.parse(header);
  if (Number.isNaN(date)) return undefined;
  const answeredAt = Date.parse(response.headers.date ?? "");
  return Math.min(LONGEST_MS, Math.max(0, date - (Number.isNaN(answeredAt) ? now : answeredAt)));
}
