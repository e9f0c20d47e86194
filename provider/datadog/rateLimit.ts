import { z } from "zod";
import type { HttpResponse } from "./transport";

/** What the headers of an answer say of the rate limit. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** ms until the window resets. */
  readonly resetMs: number;
}

/** Not `z.coerce`, to which an empty header is a zero. */
const amount = z
  .string()
  .regex(/^\s*\d+(\.\d+)?\s*$/)
  .transform(Number);
const seconds = amount.pipe(z.number().max(86_400));
const rateLimitHeaders = z.object({
  "x-ratelimit-limit": amount.pipe(z.number().positive()),
  "x-ratelimit-remaining": amount,
  "x-ratelimit-reset": seconds,
});

/** undefined where the headers are absent or make no sense. Source: https://docs.datadoghq.com/api/latest/rate-limits/ */
export function rateLimitOf(response: HttpResponse): RateLimit | undefined {
  const parsed = rateLimitHeaders.safeParse(response.headers);
  if (!parsed.success) return undefined;
  return {
    limit: parsed.data["x-ratelimit-limit"],
    remaining: parsed.data["x-ratelimit-remaining"],
    resetMs: parsed.data["x-ratelimit-reset"] * 1_000,
  };
}

/**
 * How long a 429 or 503 asks to wait, ms: the longer of Retry-After (seconds or a date) and the reset of the window.
 * @param now our own clock, for an answer that does not say when it was given
 */
export function statedWaitMs(response: HttpResponse, now: number): number | undefined {
  const answeredAt = Date.parse(response.headers.date ?? "");
  const waits = [retryAfterMs(response.headers["retry-after"], Number.isNaN(answeredAt) ? now : answeredAt)];
  if (response.status === 429) waits.push(resetMs(response));
  const stated = waits.filter((ms) => ms !== undefined);
  return stated.length > 0 ? Math.max(...stated) : undefined;
}

function resetMs(response: HttpResponse): number | undefined {
  const parsed = seconds.safeParse(response.headers["x-ratelimit-reset"]);
  return parsed.success ? parsed.data * 1_000 : undefined;
}

function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const parsed = seconds.safeParse(header);
  if (parsed.success) return parsed.data * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.min(86_400_000, Math.max(0, date - now));
}
