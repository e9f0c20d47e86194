import type { ComparisonOperator, QueryField, QueryValue } from "./queryNode";
import { QuerySyntaxError } from "./querySyntaxError";
import { specialAt } from "./specialCharacters";

export type QueryToken = { readonly start: number; readonly end: number } & (
  | { readonly kind: "(" | ")" | "and" | "or" | "not" }
  | { readonly kind: "field"; readonly field: QueryField }
  | { readonly kind: "value"; readonly value: QueryValue }
  /** `CIDR(@attribute,BLOCK,...)`. */
  | { readonly kind: "cidr" }
);

type TokenContent =
  | { readonly kind: "and" | "or" | "not" }
  | { readonly kind: "field"; readonly field: QueryField }
  | { readonly kind: "value"; readonly value: QueryValue };

const OPERATORS: ReadonlyMap<string, "and" | "or" | "not"> = new Map([
  ["AND", "and"],
  ["OR", "or"],
  ["NOT", "not"],
]);

/** The function that tells whether an address is in one of some networks, of version 4 or 6. */
const CIDR = /^CIDR\(\s*@[^\s(),:]+(?:\s*,\s*[\da-fA-F.:]+\/\d{1,3})+\s*\)/;

/** @throws QuerySyntaxError */
export function queryTokens(query: string): QueryToken[] {
  return [...new Tokenizer(query).tokens()];
}

class Tokenizer {
  readonly #query: string;
  #at = 0;

  constructor(query: string) {
    this.#query = query;
  }

  *tokens(): Generator<QueryToken> {
    while (this.#skipSpace()) yield* this.#next();
  }

  *#next(): Generator<QueryToken> {
    const start = this.#at;
    const character = this.#character;
    if (character === "(" || character === ")") {
      this.#at += 1;
      yield { kind: character, start, end: this.#at };
    } else if (character === "-") {
      yield this.#minus();
    } else if ('"[<>'.includes(character)) {
      yield this.#value();
    } else {
      yield* this.#word();
    }
  }

  #minus(): QueryToken {
    const start = this.#at;
    this.#at += 1;
    if (this.#atEndOfWord() && this.#character !== "(") {
      throw this.#error(
        "- stands alone: write it right before what it excludes, as in -team:platform",
        start,
      );
    }
    return { kind: "not", start, end: this.#at };
  }

  /** An operator, a field with its value, a function or a bare word. */
  *#word(): Generator<QueryToken> {
    const start = this.#at;
    if (this.#query.startsWith("CIDR(", start)) return yield this.#cidr();
    if (this.#character === ":")
      throw this.#error("a : needs the name of a tag or an @attribute before it", start);
    const text = this.#characters((character) => character === ":");
    if (this.#character === ":") {
      yield this.#field(text.text, start);
      return yield* this.#fieldValue();
    }
    const raw = this.#query.slice(start, this.#at);
    const operator = OPERATORS.get(raw);
    if (operator === undefined) this.#refuseLoneAttribute(raw, start);
    const content: TokenContent = operator ? { kind: operator } : { kind: "value", value: text };
    yield { ...content, start, end: this.#at };
  }

  #cidr(): QueryToken {
    const start = this.#at;
    const whole = CIDR.exec(this.#query.slice(start))?.[0];
    if (whole === undefined) {
      throw this.#error("a network is written CIDR(@attribute, 10.0.0.0/8), with one block at least", start);
    }
    this.#at += whole.length;
    if (!this.#atEndOfWord()) throw this.#error("CIDR( ) needs a space or a parenthesis behind it", this.#at);
    return { kind: "cidr", start, end: this.#at };
  }

  #refuseLoneAttribute(raw: string, start: number): void {
    if (raw.startsWith("@")) {
      throw this.#error(`the attribute ${raw} needs a value: ${raw}:VALUE, or ${raw}:* for any value`, start);
    }
  }

  #refuseSpecial(at: number): void {
    if (this.#query.charAt(at) === '"') {
      throw this.#error('a quote inside a word: quote the whole value, or write \\"', at);
    }
    const reason = specialAt(this.#query, at);
    if (reason !== undefined) throw this.#error(reason, at);
  }

  #field(text: string, start: number): QueryToken {
    this.#at += 1;
    const attribute = text.startsWith("@");
    const name = attribute ? text.slice(1) : text;
    if (name === "") throw this.#error("an @ needs the name of an attribute after it", start);
    return { kind: "field", field: { name, attribute }, start, end: this.#at };
  }

  *#fieldValue(): Generator<QueryToken> {
    if (this.#character === "(") return;
    if (!this.#atEndOfWord()) return yield this.#value();
    const field = this.#query.slice(0, this.#at).match(/\S+$/)?.[0] ?? ":";
    throw this.#error(`${field} needs a value right behind it, or * for any value`, this.#at);
  }

  #value(): QueryToken {
    const start = this.#at;
    const character = this.#character;
    let value: QueryValue;
    if (character === '"') value = this.#quoted();
    else if (character === "[") value = this.#range();
    else if (character === "{") throw this.#error("a range is written [LOW TO HIGH]", start);
    else if (character === "<" || character === ">") value = this.#comparison(character);
    else value = this.#characters(() => false);
    return { kind: "value", value, start, end: this.#at };
  }

  #quoted(): QueryValue {
    const start = this.#at;
    let text = "";
    this.#at += 1;
    while (this.#character !== '"') {
      if (this.#character === "\\") this.#at += 1;
      if (this.#atEnd) throw this.#error("this quote is never closed", start);
      text += this.#character;
      this.#at += 1;
    }
    this.#at += 1;
    if (!this.#atEndOfWord()) {
      throw this.#error("a closing quote needs a space or a parenthesis behind it", this.#at);
    }
    return { kind: "text", text, wildcards: [] };
  }

  #range(): QueryValue {
    const bound = String.raw`("(?:[^"\\]|\\.)*"|[^\s"\[\]]+)`;
    const written = this.#query
      .slice(this.#at)
      .match(new RegExp(`^\\[\\s*${bound}\\s+TO\\s+${bound}\\s*\\]`, "s"));
    const [whole, low, high] = written ?? [];
    if (whole === undefined || low === undefined || high === undefined) {
      throw this.#error("a range is written [LOW TO HIGH]", this.#at);
    }
    for (const { 0: part, index } of whole.slice(1, -1).matchAll(/"(?:[^"\\]|\\.)*"|\\.|./gs)) {
      if (part.length === 1) this.#refuseSpecial(this.#at + 1 + index);
    }
    this.#at += whole.length;
    if (!this.#atEndOfWord()) throw this.#error("a range needs a space or a parenthesis behind it", this.#at);
    return { kind: "range", low: unquoted(low), high: unquoted(high) };
  }

  #comparison(first: "<" | ">"): QueryValue {
    const start = this.#at;
    this.#at += 1;
    let operator: ComparisonOperator = first;
    if (this.#character === "=") {
      operator = `${first}=`;
      this.#at += 1;
    }
    if (this.#atEndOfWord()) throw this.#error(`${operator} needs a number right behind it`, start);
    return { kind: "comparison", operator, operand: this.#characters(() => false).text };
  }

  /** Everything up to the end of the word or to an unescaped `stop`, escapes removed. */
  #characters(stop: (character: string) => boolean): Extract<QueryValue, { kind: "text" }> {
    const wildcards: number[] = [];
    let text = "";
    while (!this.#atEndOfWord() && !stop(this.#character)) {
      const escaped = this.#character === "\\";
      if (escaped) this.#at += 1;
      if (this.#atEnd) throw this.#error("a \\ needs the character that it escapes behind it", this.#at - 1);
      const character = this.#character;
      if (!escaped) this.#refuseSpecial(this.#at);
      if (!escaped && (character === "*" || character === "?")) wildcards.push(text.length);
      text += character;
      this.#at += 1;
    }
    return { kind: "text", text, wildcards };
  }

  get #character(): string {
    return this.#query.charAt(this.#at);
  }

  get #atEnd(): boolean {
    return this.#at >= this.#query.length;
  }

  #atEndOfWord(): boolean {
    return this.#atEnd || /[\s()]/.test(this.#character);
  }

  #skipSpace(): boolean {
    while (/\s/.test(this.#character)) this.#at += 1;
    return !this.#atEnd;
  }

  #error(reason: string, offset: number): QuerySyntaxError {
    return new QuerySyntaxError(reason, this.#query, offset);
  }
}

function unquoted(bound: string): string {
  return bound.startsWith('"') ? bound.slice(1, -1).replace(/\\(.)/gs, "$1") : bound;
}
