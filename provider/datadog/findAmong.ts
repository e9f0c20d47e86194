import { batches } from "../core/batches";
import { allOf } from "../query/combineQueries";
import { findingsWithIds } from "../query/findingQueries";
import type { Finding, FindingsApi } from "./model/findingsApi";

export interface Searching {
  readonly api: Pick<FindingsApi, "search">;
  /** Ends the search when the deployment is cancelled. */
  readonly cancelled?: AbortSignal;
}

/**
 * How long a query of rules may be beside a hundred ids, in characters, so that both are a query of usual
 * length.
 */
export const BESIDE_IDS = 3_000;

/** Those of some findings that a query matches, as the search shows them: a request for each 100. */
export async function findAmong(
  { api, cancelled }: Searching,
  findingIds: readonly string[],
  query: string,
): Promise<Finding[]> {
  const pages = await Promise.all(
    batches(findingIds).map((ids) =>
      api.search({
        query: allOf(findingsWithIds(ids).text, query),
        limit: ids.length,
        ...(cancelled && { signal: cancelled }),
      }),
    ),
  );
  return pages.flatMap(({ findings }) => findings);
}
