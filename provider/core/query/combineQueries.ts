import { EVERYTHING, isCatchAll, isCatchNone, NOTHING } from "./catchAll";
import { parseQuery } from "./parseQuery";
import type { QueryNode } from "./queryNode";

/*
 * Queries are combined as texts, so that Datadog reads each part just as its author wrote it; but every part is parsed
 * first, and stands in parentheses of its own unless it is a single term. An empty query is "everything".
 */

/**
 * What matches all of the queries; everything where there are none.
 * @throws QuerySyntaxError
 */
export function allOf(...queries: readonly string[]): string {
  if (queries.some(isCatchNone)) return NOTHING;
  const narrowing = distinct(queries.filter((query) => !isCatchAll(query)).map(bare));
  return join(narrowing, " ") ?? EVERYTHING;
}

/**
 * What matches at least one of the queries; nothing where there are none.
 * @throws QuerySyntaxError
 */
export function anyOf(...queries: readonly string[]): string {
  if (queries.some(isCatchAll)) return EVERYTHING;
  const widening = distinct(queries.filter((query) => !isCatchNone(query)).map(bare));
  return join(widening, " OR ") ?? NOTHING;
}

/**
 * What does not match the query.
 * @throws QuerySyntaxError
 */
export function negate(query: string): string {
  if (isCatchAll(query)) return NOTHING;
  if (isCatchNone(query)) return EVERYTHING;
  const { node, text } = stripped(query);
  if (node.kind === "not") return bare(text.slice(node.operand.start, node.operand.end));
  return `-${operandText(text)}`;
}

/** Cases in order: the first whose `query` matches decides by its `then`; a finding that no case matches is not found. */
export interface QueryCase {
  readonly query: string;
  readonly then: string;
}

/**
 * One query for an ordered list of cases, halved again and again: `FIRST OR (-(queries of FIRST) SECOND)`. So each query is
 * written log(cases) times at most and nests as deep; "and none of the earlier" for each case would be quadratic.
 * @throws QuerySyntaxError
 */
export function firstMatch(cases: readonly QueryCase[]): string {
  const [only] = cases;
  if (!only) return NOTHING;
  if (cases.length === 1) return allOf(only.query, only.then);
  const first = cases.slice(0, Math.ceil(cases.length / 2));
  const second = firstMatch(cases.slice(first.length));
  const noneOfFirst = negate(anyOf(...first.map(({ query }) => query)));
  return anyOf(firstMatch(first), allOf(noneOfFirst, second));
}

function join(queries: readonly string[], operator: string): string | undefined {
  if (queries.length < 2) return queries[0];
  return queries.map(operandText).join(operator);
}

function distinct(queries: readonly string[]): readonly string[] {
  return [...new Set(queries)];
}

/** A single term as it is, all else in parentheses. */
function operandText(query: string): string {
  const { node, text } = stripped(query);
  return isSingle(node) ? text : `(${text})`;
}

function isSingle(node: QueryNode): boolean {
  if (node.kind === "not") return isSingle(node.operand) || node.operand.kind === "group";
  return node.kind === "term" || (node.kind === "group" && node.field !== undefined);
}

/** The query without surrounding space and without parentheses around the whole of it. */
function bare(query: string): string {
  return stripped(query).text;
}

/** Cuts at the places of the nodes: trimming would tear an escaped space at the end apart. */
function stripped(query: string): { node: QueryNode; text: string } {
  let node = parseQuery(query);
  while (node.kind === "group" && !node.field) node = node.operand;
  const text = query.slice(node.start, node.end);
  return { node: node.start === 0 ? node : parseQuery(text), text };
}
