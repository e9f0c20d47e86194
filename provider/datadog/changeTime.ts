import { z } from "zod";

/** From 1973 on in milliseconds, and up to the year 5138 in seconds. */
const LEAST_MS = 1e11;
const LEAST_SECONDS = 1e8;

/** With its offset from UTC: without one it would be read as the time of this machine's place. */
const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:?\d{2})$/;

/**
 * When something was changed, ms since the epoch. Datadog's schema reference shows milliseconds; seconds and
 * ISO 8601 with an offset are understood too. Everything else, 0 among it, is unknown: undefined.
 */
export const changeTime = z.unknown().transform((value): number | undefined => {
  if (typeof value === "number") return fromNumber(value);
  if (typeof value !== "string") return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return fromNumber(Number(value));
  const time = ISO_8601.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
});

function fromNumber(value: number): number | undefined {
  if (value >= LEAST_MS && Number.isFinite(value)) return value;
  return value >= LEAST_SECONDS ? value * 1_000 : undefined;
}
