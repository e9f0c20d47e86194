import type { ErrorShape } from "./apiErrors";
import type { EmulatedUser } from "./findingModel";
import type { FindingScript } from "./findingScript";
import type { FindingStore } from "./findingStore";

/** What tests may change at any time. */
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
  /** The most findings on a page of a search, whatever larger limit was asked for; the rest is behind the cursor. */
  pageCap: number;
}

/** What the endpoints work on. */
export interface World {
  readonly store: FindingStore;
  readonly users: Map<string, EmulatedUser>;
  readonly failures: FindingScript;
  readonly warnings: FindingScript;
  readonly settings: Settings;
  readonly now: () => number;
  readonly newId: () => string;
}
