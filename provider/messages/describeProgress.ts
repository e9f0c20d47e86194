import { count, countOf } from "../core/count";

/** What a process does to findings, or to users, in one way: all of it so far. */
export interface Work {
  readonly verb: string;
  /** In the singular. */
  readonly unit: string;
  /** The resources that it was done for. */
  readonly labels: Set<string>;
  /** Of how many it is being done now. */
  running: number;
  done: number;
  total: number;
}

export interface Pause {
  /** How long the rate limit still holds requests back, ms; not at all where it is less than a moment. */
  readonly rateLimitMs: number;
  /** Why a request is sent again, and in how many ms. */
  readonly retry?: { readonly reason: string; readonly ms: number };
}

/** Less than this is no waiting that a person would notice, ms. */
const MOMENT_MS = 500;

/**
 * `payments-critical: 4,200 of 10,000 findings assigned, waiting 12 s for the rate limit`; undefined where
 * there is nothing to say, as long as nothing was read.
 */
export function describeProgress(works: readonly Work[], pause: Pause): string | undefined {
  const running = works.filter((work) => work.running > 0);
  const parts = [...running.flatMap(describeWork), ...describePause(pause)];
  return parts.length > 0 ? `${labelOf(running)}: ${parts.join(", ")}` : undefined;
}

/** Nobody knows beforehand how many there are to read. */
function describeWork({ done, total, unit, verb }: Work): string[] {
  if (total === 0 && done === 0) return [];
  if (total === 0 || done > total) return [`${countOf(done, unit)} ${verb}`];
  return [`${count(done)} of ${countOf(total, unit)} ${verb}`];
}

function labelOf(works: readonly Work[]): string {
  const onFindings = works.filter((work) => work.unit === "finding");
  const shown = onFindings.length > 0 ? onFindings : works;
  const labels = new Set(shown.flatMap((work) => [...work.labels]));
  const [only] = labels;
  return labels.size === 1 && only !== undefined ? only : `${count(labels.size)} resources`;
}

function describePause({ rateLimitMs, retry }: Pause): string[] {
  if (rateLimitMs > MOMENT_MS) return [`waiting ${duration(rateLimitMs)} for the rate limit`];
  if (!retry) return [];
  return [`retrying after ${retry.reason}${retry.ms > MOMENT_MS ? ` in ${duration(retry.ms)}` : ""}`];
}

/** `12 s`, `4 min 50 s`, `23 h 59 min`; up to two minutes in seconds. */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min${seconds % 60 > 0 ? ` ${seconds % 60} s` : ""}`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ""}`;
}
