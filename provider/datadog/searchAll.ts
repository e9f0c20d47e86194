import { UnexpectedAnswerError } from "./errors/unexpectedAnswerError";
import type { Finding, FindingsApi, SearchRequest } from "./findingsApi";
import { SEARCH_PATH } from "./search";

export interface SearchAllRequest extends Pick<SearchRequest, "query" | "sort" | "signal"> {
  /** The most findings to return. */
  readonly atMost: number;
}

export interface FoundFindings {
  readonly findings: readonly Finding[];
  /** Whether there are more than `atMost`. */
  readonly more: boolean;
}

/** Findings move between pages while we read, so a page may bring nothing new; so many in a row are a circle. */
const MOST_FRUITLESS_PAGES = 3;

/**
 * All pages of a search, 100 findings to a request; a finding that moves between pages is returned once.
 * @throws UnexpectedAnswerError where the pages never end: less than all is worse than none to who decides by it
 */
export async function searchAll(
  api: Pick<FindingsApi, "search">,
  request: SearchAllRequest,
): Promise<FoundFindings> {
  const { query, sort, signal, atMost } = request;
  const findings = new Map<string, Finding>();
  let cursor: string | undefined;
  let fruitless = 0;
  do {
    const page = await api.search({
      query,
      limit: 100,
      ...(sort && { sort }),
      ...(signal && { signal }),
      ...(cursor !== undefined && { cursor }),
    });
    const known = findings.size;
    for (const finding of page.findings) findings.set(finding.id, finding);
    fruitless = findings.size > known ? 0 : fruitless + 1;
    cursor = page.findings.length > 0 ? page.cursor : undefined;
    if (cursor !== undefined && fruitless >= MOST_FRUITLESS_PAGES) throw endless();
  } while (cursor !== undefined && findings.size <= atMost);
  return {
    findings: [...findings.values()].slice(0, atMost),
    more: findings.size > atMost || cursor !== undefined,
  };
}

function endless(): UnexpectedAnswerError {
  const problem = `${MOST_FRUITLESS_PAGES} pages in a row without a new finding, and a cursor to the next`;
  return new UnexpectedAnswerError(200, { method: "POST", path: SEARCH_PATH }, problem, false);
}
