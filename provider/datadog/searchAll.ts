import { countOf } from "../core/count";
import { UnexpectedAnswerError } from "./errors/unexpectedAnswerError";
import type { Finding, FindingsApi, SearchRequest } from "./model/findingsApi";
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
  /** Datadog's own clock at the oldest page, ms since the epoch. */
  readonly answeredAt: number;
}

/**
 * Findings move between pages while we read, so a page may bring nothing new; so many in a row are a circle.
 */
const MOST_FRUITLESS_PAGES = 3;

export interface PageOfAll {
  /** Those that no page before had. */
  readonly findings: readonly Finding[];
  /** Whether there may be further pages. */
  readonly more: boolean;
  /** Datadog's own clock, ms since the epoch. */
  readonly answeredAt: number;
}

/**
 * The pages of a search one after another, 100 findings to a request; a finding that moves between pages is
 * returned once.
 * @throws UnexpectedAnswerError where the pages never end, or a finding cannot be read: less than all is
 * worse than none to who decides by it
 */
export async function* searchPages(
  api: Pick<FindingsApi, "search">,
  { query, sort, signal, onUnreadable = refuseUnreadable }: Omit<SearchAllRequest, "atMost">,
): AsyncGenerator<PageOfAll> {
  const known = new Set<string>();
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
    if (page.unreadable) onUnreadable(page.unreadable);
    const findings = [...new Map(page.findings.map((finding) => [finding.id, finding])).values()];
    const fresh = findings.filter(({ id }) => !known.has(id));
    for (const { id } of fresh) known.add(id);
    fruitless = fresh.length > 0 ? 0 : fruitless + 1;
    cursor = page.findings.length > 0 ? page.cursor : undefined;
    if (cursor !== undefined && fruitless >= MOST_FRUITLESS_PAGES) throw endless();
    yield { findings: fresh, more: cursor !== undefined, answeredAt: page.answeredAt };
  } while (cursor !== undefined);
}

/**
 * All pages of a search together, up to a number of findings.
 * @throws UnexpectedAnswerError as `searchPages`
 */
export async function searchAll(
  api: Pick<FindingsApi, "search">,
  { atMost, ...request }: SearchAllRequest,
): Promise<FoundFindings> {
  const findings: Finding[] = [];
  let answeredAt = Number.POSITIVE_INFINITY;
  for await (const page of searchPages(api, request)) {
    answeredAt = Math.min(answeredAt, page.answeredAt);
    findings.push(...page.findings);
    if (findings.length > atMost) return { findings: findings.slice(0, atMost), more: true, answeredAt };
  }
  return { findings, more: false, answeredAt };
}

function endless(): UnexpectedAnswerError {
  return unexpected(
    `${MOST_FRUITLESS_PAGES} pages in a row have no new finding, and the last one names a next page`,
  );
}

function refuseUnreadable(ids: readonly (string | undefined)[]): never {
  const others = ids.length > 1 ? " and others" : "";
  throw unexpected(`${countOf(ids, "finding")} cannot be read: ${ids[0] ?? "one without an id"}${others}`);
}

function unexpected(problem: string): UnexpectedAnswerError {
  return new UnexpectedAnswerError(200, { method: "POST", path: SEARCH_PATH }, problem, false);
}
