/** A day of the calendar in UTC, as `2026-12-31`. Days compare as texts do. */
export type Day = string;

/** @param ms since the epoch */
export function dayOf(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10);
}

/** How many days later `to` is than `from`; negative where it is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
