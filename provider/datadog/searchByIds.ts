import { findingsWithIds } from "../query/findingQueries";
import { ApiError } from "./errors/apiError";
import type { Finding, FindingsApi } from "./model/findingsApi";
import { searchAll } from "./searchAll";

export interface FoundById {
  /** By id; what the search does not know is absent. */
  readonly findings: ReadonlyMap<string, Finding>;
  /** What the answer may speak of in words that cannot be read: neither found nor absent. */
  readonly unreadable: ReadonlySet<string>;
  /** Datadog's own clock at the oldest of the answers, ms since the epoch. */
  readonly answeredAt: number;
}

/** A query of so few ids is not refused for its length. */
const MIN_IDS_TO_HALVE = 12;

/**
 * What the search says of findings, all its pages. Datadog documents no longest query: one that it refuses
 * (400, 413) is halved, and halved again, down to a dozen ids.
 * @param findingIds at most 100
 */
export async function searchByIds(
  api: Pick<FindingsApi, "search">,
  findingIds: readonly string[],
  signal?: AbortSignal,
): Promise<FoundById> {
  try {
    return await searchOnce(api, findingIds, signal);
  } catch (error) {
    if (!(isTooLong(error) && findingIds.length > MIN_IDS_TO_HALVE)) throw error;
    const middle = Math.ceil(findingIds.length / 2);
    const first = await searchByIds(api, findingIds.slice(0, middle), signal);
    const second = await searchByIds(api, findingIds.slice(middle), signal);
    return {
      findings: new Map([...first.findings, ...second.findings]),
      unreadable: new Set([...first.unreadable, ...second.unreadable]),
      answeredAt: Math.min(first.answeredAt, second.answeredAt),
    };
  }
}

async function searchOnce(
  api: Pick<FindingsApi, "search">,
  findingIds: readonly string[],
  signal: AbortSignal | undefined,
): Promise<FoundById> {
  const unread: (string | undefined)[] = [];
  const { findings, more, answeredAt } = await searchAll(api, {
    query: findingsWithIds(findingIds).text,
    atMost: findingIds.length,
    onUnreadable: (ids) => unread.push(...ids),
    ...(signal && { signal }),
  });
  const found = new Map(findings.map((finding) => [finding.id, finding]));
  // One without an id may be any that was not found, and so may what is beyond the bound.
  const anyOfThem = more || unread.includes(undefined);
  const unreadable = findingIds.filter((id) => !found.has(id) && (anyOfThem || unread.includes(id)));
  return { findings: found, unreadable: new Set(unreadable), answeredAt };
}

function isTooLong(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 400 || error.status === 413);
}
