import { type FindingFacts, matchesQuery } from "./matchesQuery";
import type { TermNode } from "./queryNode";

/**
 * Attributes of which a finding has one value at most. Any other, and any tag, may have several: `team:a
 * team:b` can match.
 */
const singleValued: ReadonlySet<string> = new Set(["finding_id", "finding_type", "severity", "status"]);

/**
 * What follows for `term` from `known` being true or false of a finding; undefined if nothing does.
 *
 * Two terms of one attribute or tag are compared by value, wildcard, range and presence (`:*`), as {@link
 * matchesQuery} does; free text stands for itself only.
 */
export function impliedTerm(term: TermNode, known: TermNode, truth: boolean): boolean | undefined {
  if (term === known) return truth;
  if (!isComparable(term, known)) return undefined;
  if (textOf(term) === textOf(known)) return truth;
  const forward = truth ? ifTrue(known, term) : undefined;
  if (forward !== undefined) return forward;
  const backward = ifTrue(term, known);
  return backward === undefined || backward === truth ? undefined : false;
}

/** What one term says of another if it is true. */
function ifTrue(one: TermNode, other: TermNode): boolean | undefined {
  const facts = factsOf(one);
  const match = facts && matchesQuery(other, facts);
  if (match === false && isSingleValued(one)) return false;
  return match === true ? true : undefined;
}

/** What a term with one exact value says of a finding; undefined for any other term. */
function factsOf({ field, value }: TermNode): FindingFacts | undefined {
  if (
    field === undefined ||
    field.name.includes("*") ||
    value.kind !== "text" ||
    value.wildcards.length > 0
  ) {
    return undefined;
  }
  if (!field.attribute) return { attribute: () => undefined, tags: [`${field.name}:${value.text}`] };
  return { attribute: (path) => (path === field.name ? [value.text] : undefined), tags: undefined };
}

/**
 * Nothing follows from one field for another: so most pairs are told apart without a look at their values.
 */
function isComparable({ field: one }: TermNode, { field: other }: TermNode): boolean {
  if (!one || !other) return one === other;
  if (one.attribute !== other.attribute) return false;
  return one.attribute ? one.name === other.name : one.name.toLowerCase() === other.name.toLowerCase();
}

function isSingleValued({ field }: TermNode): boolean {
  return field?.attribute === true && singleValued.has(field.name);
}

const texts = new WeakMap<TermNode, string>();

/** Terms are compared again and again, so what they say is kept. */
function textOf(term: TermNode): string {
  const text = texts.get(term) ?? JSON.stringify([term.field, term.value]);
  texts.set(term, text);
  return text;
}
