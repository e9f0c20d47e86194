import { all, any, not, type QueryPart } from "./queryPart";

/** Cases in order: the first whose `query` matches decides by its `then`. */
export interface QueryCase {
  readonly query: QueryPart;
  readonly then: QueryPart;
}

/**
 * One query for an ordered list of cases, halved again and again: `FIRST OR (-(queries of FIRST) SECOND)`. So
 * each query is written log2(cases) times at most and nests as deep; "and none of the earlier" for each case
 * would be quadratic. What no case matches is not found.
 */
export function firstMatch(cases: readonly QueryCase[]): QueryPart {
  return halved(merged(cases));
}

function halved(cases: readonly QueryCase[]): QueryPart {
  const [only] = cases;
  if (!only) return any([]);
  if (cases.length === 1) return all([only.query, only.then]);
  const first = cases.slice(0, Math.ceil(cases.length / 2));
  const second = halved(cases.slice(first.length));
  if (second.always === false) return halved(first);
  const noneOfFirst = not(any(first.map(({ query }) => query)));
  return any([halved(first), all([noneOfFirst, second])]);
}

/** Among neighbours that decide the same, the order does not matter. */
function merged(cases: readonly QueryCase[]): QueryCase[] {
  const result: QueryCase[] = [];
  for (const { query, then } of cases) {
    const last = result.at(-1);
    if (last?.then.text === then.text) result.splice(-1, 1, { query: any([last.query, query]), then });
    else result.push({ query, then });
  }
  return result;
}
