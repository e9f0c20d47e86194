import { isOneTypoAway } from "../core/typo";
import { ALSO_TAGS, FINDING_ATTRIBUTES, WELL_KNOWN_TAGS } from "./findingAttributes";
import { parseQuery } from "./parseQuery";
import type { QueryField, QueryNode, TermNode } from "./queryNode";

/** A part of a query that matches nothing as it is written, most probably. */
export interface QueryHint {
  readonly message: string;
  /** Where the part stands in the query, in UTF-16 code units from 0. */
  readonly start: number;
  readonly end: number;
  /** What is to stand there instead. */
  readonly replacement: string;
}

/**
 * Names and values that are nearly, and not quite, those that Datadog documents: an attribute without its
 * `@`, a tag with one, a typo. What is like nothing documented is left alone, since organisations have
 * attributes and tags of their own.
 * @throws QuerySyntaxError
 */
export function queryHints(query: string): QueryHint[] {
  const hints = hintsIn(parseQuery(query), query);
  return [...new Map(hints.map((hint) => [`${hint.start} ${hint.end}`, hint])).values()];
}

/**
 * The query with all that hints say; undefined where there are none.
 * @throws QuerySyntaxError
 */
export function suggestedQuery(query: string): string | undefined {
  const hints = queryHints(query).sort((one, other) => other.start - one.start);
  if (hints.length === 0) return undefined;
  return hints.reduce(
    (text, { start, end, replacement }) => text.slice(0, start) + replacement + text.slice(end),
    query,
  );
}

function hintsIn(node: QueryNode, query: string): QueryHint[] {
  switch (node.kind) {
    case "term":
      return termHints(node, query);
    case "group":
      return [...(node.field ? fieldHint(node.field, node.start) : []), ...hintsIn(node.operand, query)];
    case "not":
      return hintsIn(node.operand, query);
    case "and":
    case "or":
      return node.operands.flatMap((operand) => hintsIn(operand, query));
  }
}

function termHints({ field, value, start, end }: TermNode, query: string): QueryHint[] {
  if (!field) return [];
  const written = writtenName(field);
  const ownsField = query.startsWith(written, start) && query.startsWith(":", start + written.length);
  const hints = ownsField ? fieldHint(field, start) : [];
  const path = meantPath(field) ?? (field.attribute ? field.name : undefined);
  if (path === undefined || value.kind !== "text" || value.wildcards.length > 0) return hints;
  const values = FINDING_ATTRIBUTES.get(path);
  const meant = values?.includes(value.text) ? undefined : values && nearestOf(value.text, values);
  if (meant === undefined) return hints;
  const from = ownsField ? start + written.length + 1 : start;
  const message = `@${path} has no value "${value.text}": did you mean "${meant}"?`;
  return [...hints, { message, start: from, end, replacement: meant }];
}

function fieldHint(field: QueryField, start: number): QueryHint[] {
  const written = writtenName(field);
  const place = { start, end: start + written.length };
  const path = meantPath(field);
  if (path !== undefined) {
    const message = field.attribute
      ? `Datadog documents no attribute @${field.name}: did you mean @${path}?`
      : `${field.name}: looks for a tag: did you mean the attribute @${path}?`;
    return [{ ...place, message, replacement: `@${path}` }];
  }
  if (!field.attribute || !WELL_KNOWN_TAGS.includes(field.name)) return [];
  const message = `@${field.name}: looks for an attribute: did you mean the tag ${field.name}?`;
  return [{ ...place, message, replacement: field.name }];
}

/** The documented attribute that is meant and not written; undefined where none is, or the field is right. */
function meantPath({ name, attribute }: QueryField): string | undefined {
  if (/[*?]/.test(name)) return undefined;
  const known = FINDING_ATTRIBUTES.has(name);
  if (!attribute) return known && !ALSO_TAGS.has(name) ? name : undefined;
  if (known || WELL_KNOWN_TAGS.includes(name)) return undefined;
  return nearestOf(name, [...FINDING_ATTRIBUTES.keys()]);
}

/** Of short words many are a letter apart. */
const LONG_ENOUGH = 4;

function nearestOf(text: string, known: readonly string[]): string | undefined {
  const lower = text.toLowerCase();
  return known.find((each) => each === lower || (each.length >= LONG_ENOUGH && isOneTypoAway(lower, each)));
}

/** As it stands in a query, unless it is escaped. */
function writtenName({ name, attribute }: QueryField): string {
  return `${attribute ? "@" : ""}${name}`;
}
