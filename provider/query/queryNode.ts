/** `@name` looks into the finding's attributes, `name` at its tags. */
export interface QueryField {
  /** Without the `@`, escapes removed. `*` is Datadog's full-text search. */
  readonly name: string;
  readonly attribute: boolean;
}

export type QueryValue =
  | {
      readonly kind: "text";
      /** Quotes and escapes removed. */
      readonly text: string;
      /** The places in `text` that hold a `*` or `?` which is neither quoted nor escaped. */
      readonly wildcards: readonly number[];
    }
  /** `[low TO high]`, both ends included. */
  | { readonly kind: "range"; readonly low: string; readonly high: string }
  | { readonly kind: "comparison"; readonly operator: ComparisonOperator; readonly operand: string };

export type ComparisonOperator = ">" | ">=" | "<" | "<=";

/**
 * Where a node stands in the query: from `start` up to and not including `end`, in UTF-16 code units from 0.
 */
interface Placed {
  readonly start: number;
  readonly end: number;
}

export interface TermNode extends Placed {
  readonly kind: "term";
  /** undefined: free text. */
  readonly field: QueryField | undefined;
  readonly value: QueryValue;
}

/** Parentheses: `(x OR y)`, or `@a:(x OR y)`, whose terms carry the field themselves. */
export interface GroupNode extends Placed {
  readonly kind: "group";
  readonly field: QueryField | undefined;
  readonly operand: QueryNode;
}

export interface NotNode extends Placed {
  readonly kind: "not";
  readonly operand: QueryNode;
}

export interface BooleanNode extends Placed {
  readonly kind: "and" | "or";
  /** Two or more. */
  readonly operands: readonly QueryNode[];
}

export type QueryNode = TermNode | GroupNode | NotNode | BooleanNode;
