import { type FindingFacts, type Match, matchesQuery } from "./matchesQuery";
import { parseQuery } from "./parseQuery";

/** The query that every finding matches. */
export const EVERYTHING = "*";
/** The query that no finding matches. */
export const NOTHING = "-*";

const NOTHING_KNOWN: FindingFacts = { attribute: () => undefined, tags: undefined };

/**
 * Whether a query matches every finding, whatever it is: `*`, `*:*`, `team:a OR *`, or nothing written at all.
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
  return query.trim() === "" || matchesQuery(parseQuery(query), NOTHING_KNOWN);
}
