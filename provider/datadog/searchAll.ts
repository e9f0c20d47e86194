import type { Finding, FindingsApi, SearchRequest } from "./findingsApi";

export interface SearchAllRequest extends Pick<SearchRequest, "query" | "sort" | "signal"> {
  /** The most findings to return. */
  readonly atMost: number;
}

export interface FoundFindings {
  readonly findings: readonly Finding[];
  /** Whether there are more than `atMost`. */
  readonly more: boolean;
}

/** All pages of a search, 100 findings to a request; a finding that moves between pages is returned once. */
export async function searchAll(api: FindingsApi, request: SearchAllRequest): Promise<FoundFindings> {
  const { query, sort, signal, atMost } = request;
  const findings = new Map<string, Finding>();
  let cursor: string | undefined;
  do {
    const page = await api.search({
      query,
      limit: 100,
      ...(sort && { sort }),
      ...(signal && { signal }),
      ...(cursor !== undefined && { cursor }),
    });
    for (const finding of page.findings) findings.set(finding.id, finding);
    cursor = page.findings.length > 0 ? page.cursor : undefined;
  } while (cursor !== undefined && findings.size <= atMost);
  return {
    findings: [...findings.values()].slice(0, atMost),
    more: findings.size > atMost || cursor !== undefined,
  };
}
