import { type FindingFacts, type Match, matchesQuery } from "./matchesQuery";
import { parseQuery } from "./parseQuery";

/** The query that every finding matches. */
export const EVERYTHING = "*";
/** The query that no finding matches. */
export const NOTHING = "-*";

/** What a query says of it, it says of every finding. */
export const UNKNOWN_FINDING: FindingFacts = { attribute: () => undefined, tags: undefined };

/**
 * Whether a query matches every finding, whatever it is: `*`, `*:*`, `team:a OR *`, or nothing written at
 * all.
 * @throws QuerySyntaxError
 */
export function isCatchAll(query: string): boolean {
  return alwaysMatches(query) === true;
}

/**
 * Whether a query can match no finding: `-*`, `team:a -*`.
 * @throws QuerySyntaxError
 */
export function isCatchNone(query: string): boolean {
  return alwaysMatches(query) === false;
}

function alwaysMatches(query: string): Match {
  return query.trim() === "" || matchesQuery(parseQuery(query), UNKNOWN_FINDING);
}
