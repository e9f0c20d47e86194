export interface CsvRow {
  readonly fields: readonly string[];
  /** Where it begins, from 1. */
  readonly line: number;
}

/**
 * The rows of a table with commas, as RFC 4180 has them: a field in quotes may hold commas, line ends, and
 * quotes written twice. Blanks around a field that has no quotes do not count. Empty lines are left out.
 */
export function csvRows(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  let line = 1;
  let begins = 1;
  const part = /[^\S\r\n]*(?:"((?:[^"]|"")*)"[^\S\r\n]*|([^,\r\n"]*))(,|\r?\n|\r|$)/gy;
  // A byte order mark is no character of the first field.
  const source = text.replace(/^\uFEFF/, "");
  while (part.lastIndex < source.length) {
    const start = part.lastIndex;
    const match = part.exec(source);
    if (!match)
      throw new Error(
        `line ${line}: a quote stands alone: put the field in quotes, and write each quote in it twice`,
      );
    const [whole, quoted, plain = "", end] = match;
    fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    line += whole.split(/\r\n|\n|\r/).length - 1;
    if (end !== "," || start + whole.length === source.length) {
      if (end === ",") fields.push("");
      if (fields.length > 1 || fields[0] !== "") rows.push({ fields, line: begins });
      fields = [];
      begins = line;
    }
  }
  return rows;
}

/** A line of such a table, without its end. */
export function csvLine(fields: readonly (string | number)[]): string {
  return fields.map((field) => csvField(String(field))).join(",");
}

function csvField(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A text that comes from outside, with a `'` in front where a spreadsheet would take it for a formula.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function noFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
