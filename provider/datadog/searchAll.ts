import { UnexpectedAnswerError } from "./errors/unexpectedAnswerError";
import type { Finding, FindingsApi, SearchRequest } from "./findingsApi";
import { SEARCH_PATH } from "./search";

export interface SearchAllRequest extends Pick<SearchRequest, "query" | "sort" | "signal"> {
  /** The most findings to return. */
  readonly atMost: number;
  /** Called with the ids of findings that cannot be read; without it one of them is an error. */
  readonly onUnreadable?: (ids: readonly (string | undefined)[]) => void;
}

export interface FoundFindings {
  readonly findings: readonly Finding[];
  /** Whether there are more than `atMost`. */
  readonly more: boolean;
  /** Datadog's own clock at the first page, ms since the epoch. */
  readonly answeredAt: number;
}

/** Findings move between pages while we read, so a page may bring nothing new; so many in a row are a circle. */
const MOST_FRUITLESS_PAGES = 3;

/**
 * All pages of a search, 100 findings to a request; a finding that moves between pages is returned once.
 * @throws UnexpectedAnswerError where the pages never end, or a finding cannot be read: less than all is worse than none to
 * who decides by it
 */
export async function searchAll(
  api: Pick<FindingsApi, "search">,
  request: SearchAllRequest,
): Promise<FoundFindings> {
  const { query, sort, signal, atMost, onUnreadable = refuseUnreadable } = request;
  const findings = new Map<string, Finding>();
  let cursor: string | undefined;
  let fruitless = 0;
  let answeredAt: number | undefined;
  do {
    const page = await api.search({
      query,
      limit: 100,
      ...(sort && { sort }),
      ...(signal && { signal }),
      ...(cursor !== undefined && { cursor }),
    });
    answeredAt ??= page.answeredAt;
    if (page.unreadable) onUnreadable(page.unreadable);
    const known = findings.size;
    for (const finding of page.findings) findings.set(finding.id, finding);
    fruitless = findings.size > known ? 0 : fruitless + 1;
    cursor = page.findings.length > 0 ? page.cursor : undefined;
    if (cursor !== undefined && fruitless >= MOST_FRUITLESS_PAGES) throw endless();
  } while (cursor !== undefined && findings.size <= atMost);
  return {
    findings: [...findings.values()].slice(0, atMost),
    more: findings.size > atMost || cursor !== undefined,
    answeredAt,
  };
}

function endless(): UnexpectedAnswerError {
  return unexpected(`${MOST_FRUITLESS_PAGES} pages in a row without a new finding, and a cursor to the next`);
}

function refuseUnreadable(ids: readonly (string | undefined)[]): never {
  throw unexpected(`${ids.length} findings cannot be read, among them ${ids[0] ?? "one without an id"}`);
}

function unexpected(problem: string): UnexpectedAnswerError {
  return new UnexpectedAnswerError(200, { method: "POST", path: SEARCH_PATH }, problem, false);
}
