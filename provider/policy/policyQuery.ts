import { type Formula, formulaOf } from "../query/queryFormula";
import { QuerySyntaxError } from "../query/querySyntaxError";

/** undefined for a query with a syntax error: the ownership's own check reports it with its position. */
export function readableFormula(query: string): Formula | undefined {
  try {
    return formulaOf(query);
  } catch (error) {
    if (error instanceof QuerySyntaxError) return undefined;
    throw error;
  }
}

/** Whether a setting of a policy is a query that can be read. */
export function isQuery(text: string): boolean {
  return text.trim() !== "" && readableFormula(text) !== undefined;
}
