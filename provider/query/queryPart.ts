import { EVERYTHING, NOTHING, UNKNOWN_FINDING } from "./catchAll";
import { type Match, matchesQuery } from "./matchesQuery";
import { parseQuery } from "./parseQuery";
import type { QueryNode } from "./queryNode";

/**
 * A query to be combined with others. The text stays as its author wrote it, so that Datadog reads each part
 * as if it stood alone; it is parsed once, to be sure that it can stand alone.
 */
export interface QueryPart {
  /** Without parentheses or space around the whole. */
  readonly text: string;
  /** Whether it needs no parentheses among others: a term, a field's group, or the negation of either. */
  readonly single: boolean;
  /** true: matches every finding; false: none. */
  readonly always: Match;
  /** What it is the negation of. */
  readonly negationOf?: () => QueryPart;
  /** The parts that it was put together from. */
  readonly combines?: { readonly operator: Operator; readonly parts: readonly QueryPart[] };
}

type Operator = " " | " OR ";

const everything: QueryPart = { text: EVERYTHING, single: true, always: true, negationOf: () => nothing };
const nothing: QueryPart = { text: NOTHING, single: true, always: false, negationOf: () => everything };

/**
 * Nothing written means everything.
 * @throws QuerySyntaxError
 */
export function queryPart(query: string): QueryPart {
  if (query.trim() === "") return everything;
  let node = parseQuery(query);
  while (node.kind === "group" && !node.field) node = node.operand;
  const always = matchesQuery(node, UNKNOWN_FINDING);
  if (always !== "unknown") return always ? everything : nothing;
  // Cut at the node's ends: trimming would tear an escaped space at the end apart.
  const part = { text: textOf(query, node), single: isSingle(node), always };
  if (node.kind !== "not") return part;
  const operand = textOf(query, node.operand);
  return { ...part, negationOf: () => queryPart(operand) };
}

/** What matches all of them; everything where there are none. */
export function all(parts: readonly QueryPart[]): QueryPart {
  if (parts.some(({ always }) => always === false)) return nothing;
  return combine(
    " ",
    parts.filter(({ always }) => always !== true),
    everything,
  );
}

/** What matches at least one of them; nothing where there are none. */
export function any(parts: readonly QueryPart[]): QueryPart {
  if (parts.some(({ always }) => always === true)) return everything;
  return combine(
    " OR ",
    parts.filter(({ always }) => always !== false),
    nothing,
  );
}

/** What does not match it. */
export function not(part: QueryPart): QueryPart {
  if (part.negationOf) return part.negationOf();
  return { text: `-${operandText(part)}`, single: true, always: "unknown", negationOf: () => part };
}

function combine(operator: Operator, parts: readonly QueryPart[], none: QueryPart): QueryPart {
  const flat = parts.flatMap((part) => (part.combines?.operator === operator ? part.combines.parts : [part]));
  const distinct = [...new Map(flat.map((part) => [part.text, part])).values()];
  const [only] = distinct;
  if (!only) return none;
  if (distinct.length === 1) return only;
  const text = distinct.map(operandText).join(operator);
  return { text, single: false, always: "unknown", combines: { operator, parts: distinct } };
}

function operandText({ text, single }: QueryPart): string {
  return single ? text : `(${text})`;
}

function isSingle(node: QueryNode): boolean {
  return node.kind === "term" || node.kind === "not" || (node.kind === "group" && node.field !== undefined);
}

function textOf(query: string, { start, end }: QueryNode): string {
  return query.slice(start, end);
}
