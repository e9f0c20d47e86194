import { batches } from "../../core/batches";
import { allOf } from "../../core/query/combineQueries";
import type { Finding } from "../../datadog/findingsApi";
import { findingIdsQuery } from "../../datadog/query";
import type { Session } from "../session";

/** How long a query of rules may be beside a hundred ids, in characters, so that both are a query of usual length. */
export const BESIDE_IDS = 3_000;

/** Those of some findings that a query matches, as the search shows them: a request for each 100. */
export async function findAmong(
  session: Pick<Session, "api" | "cancelled">,
  findingIds: readonly string[],
  query: string,
): Promise<Finding[]> {
  const pages = await Promise.all(
    batches(findingIds).map((ids) =>
      session.api.search({
        query: allOf(findingIdsQuery(ids), query),
        limit: ids.length,
        signal: session.cancelled,
      }),
    ),
  );
  return pages.flatMap(({ findings }) => findings);
}
