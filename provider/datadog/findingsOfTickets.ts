import { batches } from "../core/batches";
import { groupBy } from "../core/groupBy";
import { anyOf } from "../query/combineQueries";
import { quote } from "../query/quote";
import type { Finding, FindingsApi } from "./model/findingsApi";
import { searchAll } from "./searchAll";

const CASE_ID = "@workflow.integrations.cases.id";

/** Ticket ids are UUIDs: so many make a query of usual length. */
const TICKETS_PER_QUERY = 50;

/** The findings that are linked to tickets, as the search shows them, by the ticket's id. */
export async function findingsOfTickets(
  api: Pick<FindingsApi, "search">,
  ticketIds: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly Finding[]>> {
  const found = await Promise.all(
    batches(ticketIds, TICKETS_PER_QUERY).map((ids) =>
      searchAll(api, {
        query: anyOf(...ids.map((id) => `${CASE_ID}:${quote(id)}`)),
        atMost: Number.POSITIVE_INFINITY,
        onUnreadable: () => {},
        ...(signal && { signal }),
      }),
    ),
  );
  const linked = found.flatMap(({ findings }) => findings.filter(({ ticket }) => ticket !== null));
  return groupBy(linked, ({ ticket }) => ticket?.id ?? "");
}
