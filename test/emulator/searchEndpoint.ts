import { z } from "zod";
import { ApiError } from "./apiErrors";
import { type Answer, jsonAnswer } from "./exchange";
import { findingDocument } from "./findingDocument";
import { type FindingView, newestFirst } from "./findingStore";
import { type CompiledQuery, compileQuery } from "./query/queryPredicate";
import { QuerySyntaxError } from "./query/queryTokens";
import type { World } from "./world";

export interface SearchParameters {
  readonly query: string;
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
  readonly sort: string | undefined;
}

type Position = Pick<FindingView["finding"], "detectedAt" | "id">;

const cursorDocument = z.object({ values: z.tuple([z.number(), z.string()]) });

const DEFAULT_LIMIT = 10;
const NEWEST_FIRST = "-@detection_changed_at";
const OLDEST_FIRST = "@detection_changed_at";

/** `POST /api/v2/security/findings/search` and `GET /api/v2/security/findings`. */
export function searchFindings(world: World, parameters: SearchParameters): Answer {
  const { maxPageLimit, pageCap } = world.settings;
  const limit = Math.min(checkedLimit(parameters.limit ?? DEFAULT_LIMIT, maxPageLimit), pageCap);
  const sort = checkedSort(parameters.sort ?? NEWEST_FIRST);
  const after = parameters.cursor === undefined ? undefined : decodeCursor(parameters.cursor);
  const query = compiled(parameters.query);
  const order = sort === NEWEST_FIRST ? newestFirst : (a: Position, b: Position) => -newestFirst(a, b);

  const found: FindingView[] = [];
  for (const view of candidates(world, query, sort)) {
    if (after !== undefined && order(view.finding, after) <= 0) continue;
    if (!query.matches(view)) continue;
    found.push(view);
    if (found.length > limit) break;
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const cursor = found.length > limit && last !== undefined ? encodeCursor(last.finding) : undefined;
  return jsonAnswer(200, pageDocument(world, page, cursor, { ...parameters, limit, sort }));
}

function candidates(world: World, query: CompiledQuery, sort: string): Iterable<FindingView> {
  if (query.candidateIds === undefined && sort === NEWEST_FIRST) return world.store.indexed();
  if (query.candidateIds === undefined) return [...world.store.indexed()].reverse();
  const views = [...query.candidateIds].map((id) => world.store.indexedById(id));
  const known = views.filter((view) => view !== undefined);
  const sign = sort === NEWEST_FIRST ? 1 : -1;
  return known.sort((a, b) => sign * newestFirst(a.finding, b.finding));
}

function compiled(query: string): CompiledQuery {
  try {
    return compileQuery(query);
  } catch (error) {
    if (error instanceof QuerySyntaxError) throw new ApiError(400, error.message);
    throw error;
  }
}

function checkedLimit(limit: number, max: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= max) return limit;
  throw new ApiError(400, `page limit must be between 1 and ${max}`);
}

function checkedSort(sort: string): string {
  if (sort === NEWEST_FIRST || sort === OLDEST_FIRST) return sort;
  throw new ApiError(400, `cannot sort by ${sort}`);
}

/** The place of the last finding of a page, so that changes in between neither repeat nor skip others. */
function encodeCursor({ detectedAt, id }: Position): string {
  return Buffer.from(JSON.stringify({ values: [detectedAt, id] })).toString("base64");
}

function decodeCursor(cursor: string): Position {
  try {
    const { values } = cursorDocument.parse(JSON.parse(Buffer.from(cursor, "base64").toString("utf8")));
    return { detectedAt: values[0], id: values[1] };
  } catch {
    throw new ApiError(400, "invalid cursor");
  }
}

function pageDocument(
  world: World,
  page: readonly FindingView[],
  cursor: string | undefined,
  parameters: SearchParameters,
) {
  const meta = { elapsed: 1, request_id: world.newId(), status: "done" };
  const data = page.map((view) => findingDocument(view, world.settings));
  if (cursor === undefined) return { data, meta };
  return { data, meta: { ...meta, page: { after: cursor } }, links: { next: nextLink(cursor, parameters) } };
}

function nextLink(cursor: string, { query, limit, sort }: SearchParameters): string {
  const next = new URLSearchParams();
  if (query !== "") next.set("filter[query]", query);
  next.set("page[cursor]", cursor);
  next.set("page[limit]", String(limit));
  next.set("sort", sort ?? NEWEST_FIRST);
  return `/api/v2/security/findings?${next.toString()}`;
}
