import type { ErrorShape } from "./apiErrors";
import type { NobodyForm, UpdatedAtForm } from "./assigneeForm";

/** Tests may change these at any time. */
export interface Settings {
  /** What happens to a batch with an unknown finding: all of it is refused, or that finding fails alone. */
  missingFindings: "whole-batch-404" | "failure-per-finding";
  errorShape: ErrorShape;
  /** ms from a change until the search sees it, for all findings or each its own. */
  searchLagMs: number | ((findingId: string) => number);
  /** ms that every request takes, on the emulator's clock. */
  latencyMs: number | (() => number);
  /** Largest `page.limit` of a search; more is a 400. */
  maxPageLimit: number;
  /**
   * The most findings on a page of a search, whatever larger limit was asked for; the rest is behind the
   * cursor.
   */
  pageCap: number;
  /** The id that `failures` and `warnings` name for a finding. Default: the id as it was sent. */
  idInProblems: (findingId: string) => string;
  /** How a search writes the time of the last assignment, for all findings or each its own. Default: `ms`. */
  updatedAtForm: UpdatedAtForm | ((findingId: string) => UpdatedAtForm);
  /**
   * How a search writes that nobody owns a finding, for all findings or each its own. Default: `no-triage`.
   */
  nobodyForm: NobodyForm | ((findingId: string) => NobodyForm);
  /**
   * Datadog's schema reference describes `cases` as a list, its examples show one object. Default: `object`.
   */
  casesForm: "object" | "list";
  /** False on the gov sites: the on-call endpoints are then a 404. Default true. */
  hasOnCall: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  missingFindings: "whole-batch-404",
  errorShape: "objects",
  searchLagMs: 0,
  latencyMs: 0,
  maxPageLimit: 150,
  pageCap: Number.POSITIVE_INFINITY,
  idInProblems: (findingId) => findingId,
  updatedAtForm: "ms",
  nobodyForm: "no-triage",
  casesForm: "object",
  hasOnCall: true,
};

/** The defaults with what `options` sets; other properties of `options` are ignored. */
export function settingsFrom(options: Partial<Settings>): Settings {
  const names = new Set(Object.keys(DEFAULT_SETTINGS));
  const given = Object.entries(options).filter(([name, value]) => names.has(name) && value !== undefined);
  return { ...DEFAULT_SETTINGS, ...Object.fromEntries(given) };
}

/** The value of a setting that is the same for everything, or a function of `argument`. */
export function valueOf<T, V extends string | number | object>(
  setting: V | ((argument: T) => V),
  argument: T,
): V {
  return typeof setting === "function" ? setting(argument) : setting;
}
