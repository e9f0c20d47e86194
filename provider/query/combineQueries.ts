import { all, any, not, queryPart } from "./queryPart";

/*
 * Combines the texts of queries: each is parsed by itself, so that a wrong one is refused and not completed
 * by its neighbours, and stands in parentheses of its own unless it is a single term. An empty query is
 * "everything".
 */

/**
 * What matches all of the queries; everything (`*`) where there are none.
 * @throws QuerySyntaxError
 */
export function allOf(...queries: readonly string[]): string {
  return all(queries.map(queryPart)).text;
}

/**
 * What matches at least one of the queries; nothing (`-*`) where there are none.
 * @throws QuerySyntaxError
 */
export function anyOf(...queries: readonly string[]): string {
  return any(queries.map(queryPart)).text;
}

/**
 * What does not match the query.
 * @throws QuerySyntaxError
 */
export function negate(query: string): string {
  return not(queryPart(query)).text;
}
