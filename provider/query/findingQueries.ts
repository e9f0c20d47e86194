import { any, not, type QueryPart, queryPart } from "./queryPart";
import { quote } from "./quote";

const OWNER = "@workflow.triage.assignee.id";

/** Findings that somebody owns. */
export const OWNED = queryPart(`${OWNER}:*`);

/** Findings that nobody owns. */
export const UNOWNED = not(OWNED);

/** Findings that one of these users owns; none where there is no user. */
export function ownedBy(ownerIds: Iterable<string>): QueryPart {
  return oneOf(OWNER, [...new Set(ownerIds)].map(queryValue));
}

/** Exactly these findings; none where there is no id. */
export function findingsWithIds(findingIds: Iterable<string>): QueryPart {
  return oneOf("@finding_id", [...new Set(findingIds)].map(quote));
}

function oneOf(field: string, values: readonly string[]): QueryPart {
  if (values.length === 0) return any([]);
  const text = values.length === 1 ? `${field}:${values.join()}` : `${field}:(${values.join(" OR ")})`;
  return { text, single: true, always: "unknown" };
}

/** UUIDs go unquoted, as in Datadog's own examples. */
function queryValue(text: string): string {
  return /^\w[\w-]*$/.test(text) ? text : quote(text);
}
