import {
  type NumberBounds,
  QuerySyntaxError,
  type QueryToken,
  queryTokens,
  type ValueCharacter,
} from "./queryTokens";

export interface QueryField {
  readonly name: string;
  /** `@name` looks into the finding, `name` at its tags. */
  readonly attribute: boolean;
}

export type Query =
  | { readonly kind: "all" }
  | { readonly kind: "and" | "or"; readonly operands: readonly Query[] }
  | { readonly kind: "not"; readonly operand: Query }
  | {
      readonly kind: "term";
      /** undefined: free text. */
      readonly field: QueryField | undefined;
      readonly characters: readonly ValueCharacter[];
    }
  | { readonly kind: "bounds"; readonly field: QueryField; readonly bounds: NumberBounds };

/**
 * The part of Datadog's log search syntax that findings are searched with.
 *
 *     query  := or
 *     or     := and ("OR" and)*
 *     and    := not (["AND"] not)*
 *     not    := ("NOT" | "-") not | group
 *     group  := "(" or ")" | field ":" value | field ":" "(" or ")" | value
 *     value  := a word, quoted or with wildcards; behind a field also a comparison or a range of numbers
 *
 * So NOT binds tightest, then AND (and juxtaposition, which is AND), then OR, and `a b OR c d` is `(a b) OR
 * (c d)`. Operators are upper case. Inside the group of a field, values belong to that field. An empty query
 * finds all.
 */
export function parseQuery(query: string): Query {
  const tokens = queryTokens(query);
  if (tokens.length === 0) return { kind: "all" };
  return new Parser(tokens, query.length).parse();
}

class Parser {
  private index = 0;

  constructor(
    private readonly tokens: readonly QueryToken[],
    private readonly end: number,
  ) {}

  parse(): Query {
    const query = this.or(undefined);
    if (this.token !== undefined) throw this.unexpected();
    return query;
  }

  private get token(): QueryToken | undefined {
    return this.tokens[this.index];
  }

  private or(field: QueryField | undefined): Query {
    const operands = [this.and(field)];
    while (this.accept("or")) operands.push(this.and(field));
    return combined("or", operands);
  }

  private and(field: QueryField | undefined): Query {
    const operands = [this.not(field)];
    while (this.accept("and") || this.startsOperand()) operands.push(this.not(field));
    return combined("and", operands);
  }

  private not(field: QueryField | undefined): Query {
    if (!this.accept("not")) return this.group(field);
    return { kind: "not", operand: this.not(field) };
  }

  private group(field: QueryField | undefined): Query {
    const token = this.token;
    if (token === undefined) throw this.unexpected();
    this.index += 1;
    if (token.kind === "(") return this.closed(this.or(field));
    if (token.kind === "value") return { kind: "term", field, characters: token.characters };
    if (token.kind === "bounds" && field) return { kind: "bounds", field, bounds: token.bounds };
    if (token.kind !== "field" || field !== undefined) {
      this.index -= 1;
      throw this.unexpected();
    }
    return this.valueOf({ name: token.name, attribute: token.attribute });
  }

  private valueOf(field: QueryField): Query {
    if (this.accept("(")) return this.closed(this.or(field));
    const token = this.token;
    if (token?.kind !== "value" && token?.kind !== "bounds") throw this.unexpected();
    this.index += 1;
    if (token.kind === "bounds") return { kind: "bounds", field, bounds: token.bounds };
    return { kind: "term", field, characters: token.characters };
  }

  private closed(query: Query): Query {
    if (!this.accept(")")) throw this.unexpected();
    return query;
  }

  private startsOperand(): boolean {
    const kind = this.token?.kind;
    return kind === "(" || kind === "value" || kind === "bounds" || kind === "field" || kind === "not";
  }

  private accept(kind: QueryToken["kind"]): boolean {
    if (this.token?.kind !== kind) return false;
    this.index += 1;
    return true;
  }

  private unexpected(): QuerySyntaxError {
    const token = this.token;
    if (token === undefined) return new QuerySyntaxError("unexpected end", this.end);
    return new QuerySyntaxError(`unexpected ${token.kind}`, token.position);
  }
}

function combined(kind: "and" | "or", operands: readonly Query[]): Query {
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : { kind, operands };
}
