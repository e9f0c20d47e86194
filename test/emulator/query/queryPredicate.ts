import type { FindingView } from "../findingStore";
import { attributeValues, READERS } from "./findingAttributes";
import { parseQuery, type Query, type QueryField } from "./queryParser";
import type { ValueCharacter } from "./queryTokens";

type Term = Extract<Query, { kind: "term" }>;

export type FindingPredicate = (view: FindingView) => boolean;

export interface CompiledQuery {
  readonly matches: FindingPredicate;
  /** Where the query names the ids that it can find at all: only these need to be looked at. */
  readonly candidateIds: ReadonlySet<string> | undefined;
}

/**
 * Attributes compare case-sensitively, tags and free text do not; free text looks for whole words of the
 * title. `*` and `?` are wildcards outside of quotes, and a value of `*` alone means: there is one.
 * @throws QuerySyntaxError
 */
export function compileQuery(text: string): CompiledQuery {
  const query = parseQuery(text);
  return { matches: predicateOf(query), candidateIds: idsOf(query) };
}

function predicateOf(query: Query): FindingPredicate {
  if (query.kind === "all") return () => true;
  if (query.kind === "term") return termPredicate(query);
  if (query.kind === "bounds") return boundsPredicate(query);
  if (query.kind === "not") {
    const operand = predicateOf(query.operand);
    return (view) => !operand(view);
  }
  if (query.kind === "and") {
    const operands = query.operands.map(predicateOf);
    return (view) => operands.every((operand) => operand(view));
  }
  return sameFieldPredicate(query.operands) ?? anyOf(query.operands.map(predicateOf));
}

function anyOf(operands: readonly FindingPredicate[]): FindingPredicate {
  return (view) => operands.some((operand) => operand(view));
}

/** `field:(a OR b OR ...)` may hold a hundred values: one look-up instead of a hundred comparisons. */
function sameFieldPredicate(operands: readonly Query[]): FindingPredicate | undefined {
  const terms = operands.filter((operand) => operand.kind === "term");
  const field = terms[0]?.field;
  if (field === undefined || terms.length !== operands.length || operands.length < 4) return undefined;
  const alike = terms.every((term) => sameField(term.field, field) && !isWild(term));
  if (!alike) return undefined;
  const values = new Set(terms.map((term) => fold(plainText(term), field)));
  return (view) => valuesOf(view, field).some((value) => values.has(value));
}

function sameField(a: QueryField | undefined, b: QueryField): boolean {
  return a?.name === b.name && a.attribute === b.attribute;
}

function termPredicate(term: Term): FindingPredicate {
  const { field } = term;
  if (field === undefined) return freeTextPredicate(term);
  if (isWild(term) && plainText(term) === "*") return (view) => valuesOf(view, field).length > 0;
  if (isWild(term)) {
    const pattern = new RegExp(`^${wildcardSource(term.characters)}$`, field.attribute ? "su" : "sui");
    return (view) => valuesOf(view, field).some((value) => pattern.test(value));
  }
  if (!field.attribute) {
    const tag = `${field.name}:${plainText(term)}`.toLowerCase();
    return (view) => view.finding.tags.includes(tag);
  }
  const wanted = plainText(term);
  const reader = READERS.get(field.name);
  if (reader === undefined) return (view) => valuesOf(view, field).includes(wanted);
  return (view) => {
    const value = reader(view);
    return value === wanted || (typeof value === "object" && value.includes(wanted));
  };
}

function boundsPredicate({ field, bounds }: Extract<Query, { kind: "bounds" }>): FindingPredicate {
  const { low, high, withLow, withHigh } = bounds;
  const within = (value: number) =>
    (withLow ? value >= low : value > low) && (withHigh ? value <= high : value < high);
  return (view) => valuesOf(view, field).some((value) => value.trim() !== "" && within(Number(value)));
}

function freeTextPredicate(term: Term): FindingPredicate {
  if (isWild(term) && plainText(term) === "*") return () => true;
  if (plainText(term).trim() === "") return () => false;
  const pattern = new RegExp(`(?<!\\w)${wildcardSource(term.characters)}(?!\\w)`, "sui");
  return (view) => pattern.test(view.finding.title);
}

function valuesOf(view: FindingView, field: QueryField): readonly string[] {
  if (field.attribute) return attributeValues(view, field.name);
  const prefix = `${field.name.toLowerCase()}:`;
  const tags = view.finding.tags.filter((tag) => tag.startsWith(prefix));
  return tags.map((tag) => tag.slice(prefix.length));
}

function fold(value: string, field: QueryField): string {
  return field.attribute ? value : value.toLowerCase();
}

function isWild(term: Term): boolean {
  return term.characters.some(({ wild }) => wild);
}

function plainText(term: Term): string {
  return term.characters.map(({ character }) => character).join("");
}

function wildcardSource(characters: readonly ValueCharacter[]): string {
  return characters
    .map(({ character, wild }) => {
      if (!wild) return character.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
      return character === "*" ? ".*" : ".";
    })
    .join("");
}

/** The ids outside of which nothing can match, or undefined where that cannot be said. */
function idsOf(query: Query): Set<string> | undefined {
  if (query.kind === "term") {
    const isId = query.field?.attribute === true && query.field.name === "finding_id";
    return isId && !isWild(query) ? new Set([plainText(query)]) : undefined;
  }
  if (query.kind === "and") return query.operands.map(idsOf).find((ids) => ids !== undefined);
  if (query.kind !== "or") return undefined;
  const union = new Set<string>();
  for (const ids of query.operands.map(idsOf)) {
    if (ids === undefined) return undefined;
    for (const id of ids) union.add(id);
  }
  return union;
}
