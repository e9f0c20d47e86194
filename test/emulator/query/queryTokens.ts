/** A query that Datadog would refuse. */
export class QuerySyntaxError extends Error {
  constructor(
    message: string,
    /** From 0, in characters of the query. */
    readonly position: number,
  ) {
    super(`invalid query: ${message} at position ${position}`);
    this.name = "QuerySyntaxError";
  }
}

/** One character of a value; `wild` only for a `*` or `?` that is neither quoted nor escaped. */
export interface ValueCharacter {
  readonly character: string;
  readonly wild: boolean;
}

/** What a number has to be: from `low` to `high`, each of them included or not. */
export interface NumberBounds {
  readonly low: number;
  readonly high: number;
  readonly withLow: boolean;
  readonly withHigh: boolean;
}

export type QueryToken =
  | { readonly kind: "(" | ")" | "and" | "or" | "not"; readonly position: number }
  | { readonly kind: "field"; readonly name: string; readonly attribute: boolean; readonly position: number }
  | {
      readonly kind: "value";
      readonly characters: readonly ValueCharacter[];
      readonly quoted: boolean;
      readonly position: number;
    }
  | { readonly kind: "bounds"; readonly bounds: NumberBounds; readonly position: number };

const OPERATORS: ReadonlyMap<string, "and" | "or" | "not"> = new Map([
  ["AND", "and"],
  ["OR", "or"],
  ["NOT", "not"],
]);

const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const BOUNDS = new RegExp(
  String.raw`^(?:([<>]=?)(${NUMBER})|\[\s*(${NUMBER}|\*)\s+TO\s+(${NUMBER}|\*)\s*\])(?=$|[\s)])`,
);

function boundsOf(operator: string, operand: number): NumberBounds {
  const included = operator.endsWith("=");
  return operator.startsWith(">")
    ? { low: operand, high: Infinity, withLow: included, withHigh: true }
    : { low: -Infinity, high: operand, withLow: true, withHigh: included };
}

function rangeOf(low: string | undefined, high: string | undefined): NumberBounds {
  const from = low === "*" ? -Infinity : Number(low);
  return { low: from, high: high === "*" ? Infinity : Number(high), withLow: true, withHigh: true };
}

export function queryTokens(query: string): QueryToken[] {
  return [...new Tokenizer(query).tokens()];
}

class Tokenizer {
  private position = 0;

  constructor(private readonly query: string) {}

  *tokens(): Generator<QueryToken> {
    for (this.skipSpace(); this.position < this.query.length; this.skipSpace()) yield* this.next();
  }

  private get character(): string {
    return this.query.charAt(this.position);
  }

  private skipSpace(): void {
    while (/\s/.test(this.character)) this.position += 1;
  }

  private *next(): Generator<QueryToken> {
    const { character, position } = this;
    if (character === "(" || character === ")") {
      this.position += 1;
      yield { kind: character, position };
    } else if (character === "-") {
      yield this.minus();
    } else if (character === '"') {
      yield this.quotedValue();
    } else if ("<>[{".includes(character)) {
      yield this.bounds();
    } else {
      yield* this.word();
    }
  }

  private minus(): QueryToken {
    const position = this.position;
    this.position += 1;
    if (this.atEndOfWord() && this.character !== "(") throw new QuerySyntaxError("nothing after -", position);
    return { kind: "not", position };
  }

  private quotedValue(): QueryToken {
    const position = this.position;
    this.position += 1;
    const characters: ValueCharacter[] = [];
    while (this.character !== '"') {
      if (this.character === "\\") this.position += 1;
      if (this.position >= this.query.length) throw new QuerySyntaxError("quote not closed", position);
      characters.push({ character: this.character, wild: false });
      this.position += 1;
    }
    this.position += 1;
    if (!/^(?:$|[\s)])/.test(this.query.slice(this.position, this.position + 1))) {
      throw new QuerySyntaxError("text right behind a closing quote", this.position);
    }
    return { kind: "value", characters, quoted: true, position };
  }

  /** `AND`, `field:` or a bare value. */
  private *word(): Generator<QueryToken> {
    const position = this.position;
    const characters: ValueCharacter[] = [];
    while (!this.atEndOfWord()) {
      if (this.character === ":" && characters.length > 0) {
        yield this.field(characters, position);
        return yield* this.fieldValue();
      }
      characters.push(this.wordCharacter());
    }
    const operator = OPERATORS.get(this.query.slice(position, this.position));
    yield operator === undefined ? this.bareValue(characters, position) : { kind: operator, position };
  }

  private *fieldValue(): Generator<QueryToken> {
    const position = this.position;
    if (this.character === "(") return;
    if (this.character === '"') return yield this.quotedValue();
    if ("<>[{".includes(this.character || " ")) return yield this.bounds();
    const characters: ValueCharacter[] = [];
    while (!this.atEndOfWord()) characters.push(this.wordCharacter());
    if (characters.length === 0) throw new QuerySyntaxError("a field without a value", position);
    yield this.bareValue(characters, position);
  }

  private field(characters: readonly ValueCharacter[], position: number): QueryToken {
    this.position += 1;
    const text = characters.map(({ character }) => character).join("");
    const attribute = text.startsWith("@");
    const name = attribute ? text.slice(1) : text;
    if (name === "") throw new QuerySyntaxError("an attribute without a name", position);
    return { kind: "field", name, attribute, position };
  }

  private bareValue(characters: readonly ValueCharacter[], position: number): QueryToken {
    return { kind: "value", characters, quoted: false, position };
  }

  /** `>5`, `<=0.5`, `[1 TO 9]`, `[1 TO *]`. */
  private bounds(): QueryToken {
    const position = this.position;
    const [whole, operator, operand, low, high] = BOUNDS.exec(this.query.slice(position)) ?? [];
    if (whole === undefined) {
      throw new QuerySyntaxError(
        "comparisons and ranges are of numbers: >5, <=0.5, [1 TO 9], [1 TO *]",
        position,
      );
    }
    this.position += whole.length;
    return {
      kind: "bounds",
      bounds: operator ? boundsOf(operator, Number(operand)) : rangeOf(low, high),
      position,
    };
  }

  private wordCharacter(): ValueCharacter {
    const escaped = this.character === "\\";
    if (escaped) this.position += 1;
    if (this.position >= this.query.length) throw new QuerySyntaxError("nothing after \\", this.position);
    const character = this.character;
    if (character === '"' && !escaped) throw new QuerySyntaxError("a quote inside a word", this.position);
    this.position += 1;
    return { character, wild: !escaped && (character === "*" || character === "?") };
  }

  private atEndOfWord(): boolean {
    return this.character === "" || /[\s()]/.test(this.character);
  }
}
