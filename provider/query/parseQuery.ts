import type { BooleanNode, QueryField, QueryNode } from "./queryNode";
import { QuerySyntaxError } from "./querySyntaxError";
import { type QueryToken, queryTokens } from "./queryTokens";

/** How deep parentheses and negations may be nested, so that no query exhausts the stack. */
const MAX_DEPTH = 500;

/**
 * Parses Datadog's log search syntax, in which findings are searched: terms, `@attribute:value`, `tag:value`,
 * `@attribute:(x OR y)`, `[1 TO 5]`, `>5`, quotes, `\` escapes, the wildcards `*` and `?`, `CIDR(@attribute,
 * 10.0.0.0/8)`.
 *
 *     query := or
 *     or    := and ("OR" and)*
 *     and   := not (["AND"] not)*
 *     not   := ("NOT" | "-") not | operand
 *     operand := "(" or ")" | field ":" value | field ":" "(" or ")" | value | cidr
 *
 * Operators are upper case. AND binds tighter than OR, and juxtaposition is AND.
 *
 * @throws QuerySyntaxError
 * @see https://docs.datadoghq.com/logs/explorer/search_syntax/
 */
export function parseQuery(text: string): QueryNode {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly QueryToken[];
  #index = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = queryTokens(text);
  }

  parse(): QueryNode {
    if (this.#tokens.length === 0) throw this.#error("it is empty: write * to match everything", 0);
    const node = this.#or(undefined);
    const rest = this.#token;
    if (rest) throw this.#error("this ) closes nothing: there is no ( before it", rest.start);
    return node;
  }

  #or(field: QueryField | undefined): QueryNode {
    const operands = [this.#and(field)];
    while (this.#accept("or")) operands.push(this.#and(field));
    return combined("or", operands);
  }

  #and(field: QueryField | undefined): QueryNode {
    const operands = [this.#not(field)];
    while (this.#accept("and") || this.#startsOperand()) operands.push(this.#not(field));
    return combined("and", operands);
  }

  #not(field: QueryField | undefined): QueryNode {
    const minus = this.#accept("not");
    if (!minus) return this.#operand(field);
    const operand = this.#nested(minus.start, () => this.#not(field));
    return { kind: "not", operand, start: minus.start, end: operand.end };
  }

  #operand(field: QueryField | undefined): QueryNode {
    const token = this.#token;
    if (token?.kind === "value") return this.#term(token, field, token.start);
    if (token?.kind === "field") return this.#fieldOperand(token, field);
    if (token?.kind === "cidr") return this.#cidr(token, field);
    const open = this.#accept("(");
    if (!open) throw this.#nothingHere();
    return this.#group(open, undefined, field, open.start);
  }

  #fieldOperand(token: Extract<QueryToken, { kind: "field" }>, outer: QueryField | undefined): QueryNode {
    if (outer) {
      throw this.#error(`inside ${fieldText(outer)}:( ) only values can stand, without a field`, token.start);
    }
    this.#index += 1;
    const open = this.#accept("(");
    if (open) return this.#group(open, token.field, token.field, token.start);
    const value = this.#token;
    if (value?.kind !== "value") throw this.#nothingHere();
    return this.#term(value, token.field, token.start);
  }

  #term(
    token: Extract<QueryToken, { kind: "value" }>,
    field: QueryField | undefined,
    start: number,
  ): QueryNode {
    const { value, end } = token;
    if (!field && value.kind !== "text") {
      throw this.#error(
        `a ${value.kind} needs a field before it, as in @score:${value.kind === "range" ? "[1 TO 5]" : ">5"}`,
        start,
      );
    }
    this.#index += 1;
    return { kind: "term", field, value, start, end };
  }

  /** As free text it is what it should be to all who know no networks: a term that Datadog alone decides. */
  #cidr({ start, end }: QueryToken, outer: QueryField | undefined): QueryNode {
    if (outer)
      throw this.#error(
        `CIDR( ) names its attribute itself: write it outside of ${fieldText(outer)}:( )`,
        start,
      );
    this.#index += 1;
    const text = this.#text.slice(start, end);
    return { kind: "term", field: undefined, value: { kind: "text", text, wildcards: [] }, start, end };
  }

  #group(
    open: QueryToken,
    own: QueryField | undefined,
    inner: QueryField | undefined,
    start: number,
  ): QueryNode {
    if (this.#token?.kind === ")") throw this.#error("there is nothing between ( and )", open.start);
    if (!this.#token) throw this.#error("this ( is never closed", open.start);
    const operand = this.#nested(open.start, () => this.#or(inner));
    const close = this.#accept(")");
    if (!close) throw this.#error("this ( is never closed", open.start);
    return { kind: "group", field: own, operand, start, end: close.end };
  }

  #nested(offset: number, parse: () => QueryNode): QueryNode {
    if (this.#depth === MAX_DEPTH)
      throw this.#error(`it is nested more than ${MAX_DEPTH} levels deep`, offset);
    this.#depth += 1;
    const node = parse();
    this.#depth -= 1;
    return node;
  }

  /** What is missing where an operand should stand. */
  #nothingHere(): QuerySyntaxError {
    const before = this.#tokens[this.#index - 1];
    const token = this.#token;
    if (before && isOperator(before)) {
      return this.#error(`there is nothing to the right of ${this.#written(before)}`, before.start);
    }
    if (token && isOperator(token)) {
      return this.#error(`there is nothing to the left of ${this.#written(token)}`, token.start);
    }
    return token
      ? this.#error("this ) closes nothing: there is no ( before it", token.start)
      : this.#error("it ends too early", this.#text.length);
  }

  #written(token: QueryToken): string {
    return this.#text.slice(token.start, token.end);
  }

  get #token(): QueryToken | undefined {
    return this.#tokens[this.#index];
  }

  #startsOperand(): boolean {
    const kind = this.#token?.kind;
    return kind === "(" || kind === "value" || kind === "field" || kind === "not" || kind === "cidr";
  }

  #accept(kind: QueryToken["kind"]): QueryToken | undefined {
    const token = this.#token;
    if (token?.kind !== kind) return undefined;
    this.#index += 1;
    return token;
  }

  #error(reason: string, offset: number): QuerySyntaxError {
    return new QuerySyntaxError(reason, this.#text, offset);
  }
}

function isOperator(token: QueryToken): boolean {
  return token.kind === "and" || token.kind === "or" || token.kind === "not";
}

function fieldText(field: QueryField): string {
  return `${field.attribute ? "@" : ""}${field.name}`;
}

function combined(kind: BooleanNode["kind"], operands: readonly QueryNode[]): QueryNode {
  const first = operands[0];
  const last = operands.at(-1);
  if (!first || !last) throw new RangeError("a combination has operands");
  return operands.length === 1 ? first : { kind, operands, start: first.start, end: last.end };
}
