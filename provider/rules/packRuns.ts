import { NOTHING } from "../query/catchAll";

/** The query of neighbouring rules together: those from `from` up to and not including `to`. */
export interface RunQuery {
  readonly from: number;
  readonly to: number;
  readonly query: string;
}

/**
 * Cuts a list of rules into few runs, each with a query of at most `longest` characters: every query is a
 * request, and a query can be too long. A rule whose own query is longer stands alone, since it cannot be
 * cut. Runs that can find nothing are left out.
 * @param queryOf the query of a run
 */
export function packRuns(
  count: number,
  longest: number,
  queryOf: (from: number, to: number) => string,
): RunQuery[] {
  const runs: RunQuery[] = [];
  for (let from = 0; from < count; from = runs.at(-1)?.to ?? count) {
    runs.push(longestRun(from, count, longest, queryOf));
  }
  return runs.filter(({ query }) => query !== NOTHING);
}

function longestRun(
  from: number,
  count: number,
  longest: number,
  queryOf: (from: number, to: number) => string,
): RunQuery {
  const rest = { from, to: count, query: queryOf(from, count) };
  if (rest.query.length <= longest) return rest;
  let run = { from, to: from + 1, query: queryOf(from, from + 1) };
  for (let to = from + 2; to < count; to++) {
    const query = queryOf(from, to);
    if (query.length > longest) break;
    run = { from, to, query };
  }
  return run;
}
