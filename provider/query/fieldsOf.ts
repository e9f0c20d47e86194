import { parseQuery } from "./parseQuery";
import type { QueryField, QueryNode } from "./queryNode";

export interface PlacedField {
  readonly field: QueryField;
  /** Where what asks for it stands in the query, in UTF-16 code units from 0. */
  readonly start: number;
}

/**
 * The attributes and tags that a query asks for, in its order.
 * @throws QuerySyntaxError
 */
export function fieldsOf(query: string): PlacedField[] {
  return fieldsIn(parseQuery(query));
}

function fieldsIn(node: QueryNode): PlacedField[] {
  switch (node.kind) {
    case "term":
      return node.field ? [{ field: node.field, start: node.start }] : [];
    case "group":
      return [...(node.field ? [{ field: node.field, start: node.start }] : []), ...fieldsIn(node.operand)];
    case "not":
      return fieldsIn(node.operand);
    case "and":
    case "or":
      return node.operands.flatMap(fieldsIn);
  }
}
