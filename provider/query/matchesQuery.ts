import type { QueryField, QueryNode, QueryValue, TermNode } from "./queryNode";

/** What is known of a finding. */
export interface FindingFacts {
  /**
   * All values of an attribute by its dotted path; none where the finding has no such attribute; undefined:
   * not known.
   */
  attribute(path: string): readonly string[] | undefined;
  /** `key:value`; undefined: not known. */
  readonly tags: readonly string[] | undefined;
}

/** "unknown" where what is known of the finding does not decide it. */
export type Match = boolean | "unknown";

/**
 * Whether a finding matches a query, as far as that can be said without asking Datadog.
 *
 * Decided: attributes (case-sensitive) and tags (ignoring case) by value, wildcard or presence (`:*`),
 * numeric ranges and comparisons, `*`, and all that AND, OR, NOT make of it. Not decided: free text and
 * `*:text` (Datadog alone knows which fields it searches), `CIDR( )`, ranges whose bounds are no numbers,
 * fields whose name has a wildcard, attributes that are not known. An undecided part does not matter where
 * the rest decides: `unknown AND false` is false.
 */
export function matchesQuery(node: QueryNode, finding: FindingFacts): Match {
  switch (node.kind) {
    case "term":
      return matchesTerm(node, finding);
    case "group":
      return matchesQuery(node.operand, finding);
    case "not":
      return not(matchesQuery(node.operand, finding));
    case "and":
      return every(node.operands, finding);
    case "or":
      return not(every(node.operands, finding, true));
  }
}

/** `a OR b` is `NOT (NOT a AND NOT b)`. */
function every(operands: readonly QueryNode[], finding: FindingFacts, negated = false): Match {
  let result: Match = true;
  for (const operand of operands) {
    const plain = matchesQuery(operand, finding);
    const match = negated ? not(plain) : plain;
    if (match === false) return false;
    if (match === "unknown") result = "unknown";
  }
  return result;
}

function not(match: Match): Match {
  return match === "unknown" ? match : !match;
}

function matchesTerm({ field, value }: TermNode, finding: FindingFacts): Match {
  if (!field || field.name === "*") return isStar(value) ? true : "unknown";
  if (/[*?]/.test(field.name)) return "unknown";
  const values = field.attribute ? finding.attribute(field.name) : tagValues(field, finding.tags);
  if (values === undefined) return "unknown";
  return matchesValue(value, values, field.attribute);
}

function tagValues(field: QueryField, tags: readonly string[] | undefined): readonly string[] | undefined {
  const prefix = `${field.name.toLowerCase()}:`;
  return tags
    ?.map((tag) => tag.toLowerCase())
    .filter((tag) => tag.startsWith(prefix))
    .map((tag) => tag.slice(prefix.length));
}

function matchesValue(value: QueryValue, values: readonly string[], caseSensitive: boolean): Match {
  if (value.kind === "range") return matchesRange(value.low, value.high, values);
  if (value.kind === "comparison") return matchesComparison(value, values);
  if (isStar(value)) return values.length > 0;
  if (value.wildcards.length === 0) {
    const folded = (text: string) => (caseSensitive ? text : text.toLowerCase());
    return values.some((each) => folded(each) === folded(value.text));
  }
  const pattern = new RegExp(`^${patternOf(value)}$`, caseSensitive ? "su" : "sui");
  return values.some((each) => pattern.test(each));
}

function matchesRange(low: string, high: string, values: readonly string[]): Match {
  if (values.length === 0) return false;
  const [from, to] = [numberOf(low), numberOf(high)];
  if (from === undefined || to === undefined) return "unknown";
  return values.map(numberOf).some((each) => each !== undefined && from <= each && each <= to);
}

function matchesComparison(
  { operator, operand }: Extract<QueryValue, { kind: "comparison" }>,
  values: readonly string[],
): Match {
  if (values.length === 0) return false;
  const bound = numberOf(operand);
  if (bound === undefined) return "unknown";
  return values.map(numberOf).some((each) => {
    if (each === undefined) return false;
    if (each === bound) return operator === ">=" || operator === "<=";
    return operator.startsWith(">") ? each > bound : each < bound;
  });
}

function numberOf(text: string): number | undefined {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function isStar(value: QueryValue): boolean {
  return value.kind === "text" && value.text === "*" && value.wildcards.length === 1;
}

function patternOf({ text, wildcards }: Extract<QueryValue, { kind: "text" }>): string {
  const wild = new Set(wildcards);
  return text
    .split("")
    .map((character, index) => {
      if (wild.has(index)) return character === "*" ? ".*" : ".";
      return character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
    })
    .join("");
}
