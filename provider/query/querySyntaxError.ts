/** A query that Datadog would refuse, or read in another way than it was meant. */
export class QuerySyntaxError extends Error {
  override readonly name = "QuerySyntaxError";
  /** Line within the query, from 1. */
  readonly line: number;
  /** Column within that line, from 1. */
  readonly column: number;

  constructor(
    /** What is wrong and what would be right, without the place. */
    readonly reason: string,
    readonly query: string,
    /** Where, in UTF-16 code units from 0; the query's length where something is missing at its end. */
    readonly offset: number,
  ) {
    const before = query.slice(0, offset).split("\n");
    const line = before.length;
    const column = (before.at(-1)?.length ?? 0) + 1;
    const place = query.includes("\n") ? `line ${line}, column ${column}` : `column ${column}`;
    super(`the query is wrong at ${place}: ${reason}`);
    this.line = line;
    this.column = column;
  }
}
