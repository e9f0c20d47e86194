import type { FindingsApi } from "../datadog/model/findingsApi";
import { searchPages } from "../datadog/searchAll";
import { allOf } from "../query/combineQueries";

export interface CodeOwnerCount {
  /** As Datadog writes it: `@org/payments`. */
  readonly codeOwner: string;
  /** A finding with several code owners counts for each. */
  readonly findings: number;
}

export interface CodeOwnerCounts {
  /** Most findings first; of equal counts by name. */
  readonly counts: readonly CodeOwnerCount[];
  /** How many findings were read. */
  readonly read: number;
  /** There are more than were read. */
  readonly more: boolean;
}

/** Which code owners the findings in scope have. 100 findings to a request, `limit` at most. */
export async function countCodeOwners(
  api: Pick<FindingsApi, "search">,
  scope: string,
  limit: number,
): Promise<CodeOwnerCounts> {
  const tally = new Map<string, number>();
  let read = 0;
  let more = false;
  for await (const page of searchPages(api, { query: allOf(scope, "@git.codeowners:*") })) {
    const counted = page.findings.slice(0, limit - read);
    for (const { codeOwners = [] } of counted) {
      for (const owner of new Set(codeOwners)) tally.set(owner, (tally.get(owner) ?? 0) + 1);
    }
    read += counted.length;
    more = page.more || counted.length < page.findings.length;
    if (read >= limit) break;
  }
  const counts = [...tally]
    .map(([codeOwner, findings]) => ({ codeOwner, findings }))
    .sort((one, other) => other.findings - one.findings || (one.codeOwner < other.codeOwner ? -1 : 1));
  return { counts, read, more };
}
