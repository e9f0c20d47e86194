import type { FindingFacts } from "./matchesQuery";

/** The query that every finding matches. */
export const EVERYTHING = "*";
/** The query that no finding matches. */
export const NOTHING = "-*";

/** What a query says of it, it says of every finding. */
export const UNKNOWN_FINDING: FindingFacts = { attribute: () => undefined, tags: undefined };
