export type ScalarStyle = "plain" | "single" | "double" | "block";

/**
 * Where a place in the text of a YAML scalar stands in the scalar's source: quotes, escapes, the header and
 * indentation of a block and folded lines are not part of the text.
 *
 * Walks both side by side. Runs of white space are taken as one, since folding turns a line break into a
 * space.
 *
 * @param source as written, from the quote or the `|` or `>` on
 * @param offset into `value`, in UTF-16 code units
 */
export function scalarOffset(source: string, style: ScalarStyle, value: string, offset: number): number {
  let at = startOf(source, style);
  let index = 0;
  while (index < offset && at < source.length) {
    const escape = escapeLength(source, at, style);
    if (escape > 1) {
      index += valueLength(source.slice(at, at + escape));
      at += escape;
    } else if (isSpace(source, at)) {
      at = skipSpace(source, at);
      index = skipSpace(value, index);
    } else {
      at += 1;
      index += 1;
    }
  }
  return Math.min(at, source.length);
}

function startOf(source: string, style: ScalarStyle): number {
  if (style === "plain") return 0;
  if (style !== "block") return 1;
  const header = source.indexOf("\n");
  return header < 0 ? source.length : skipSpace(source, header);
}

/** How many characters of the source stand for what is escaped; 1 where nothing is. */
function escapeLength(source: string, at: number, style: ScalarStyle): number {
  if (style === "single") return source.startsWith("''", at) ? 2 : 1;
  if (style !== "double" || source[at] !== "\\") return 1;
  const kind = source[at + 1] ?? "";
  if (kind === "\n" || kind === "\r") return skipSpace(source, at + 1) - at;
  return 2 + ({ x: 2, u: 4, U: 8 }[kind] ?? 0);
}

/** How many code units of the text an escape makes: none for a continued line, two beyond the basic plane. */
function valueLength(escape: string): number {
  if (/^\\\s*[\r\n]/.test(escape)) return 0;
  return escape.startsWith("\\U") && Number.parseInt(escape.slice(2), 16) > 0xffff ? 2 : 1;
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text.charAt(at));
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text, at)) at += 1;
  return at;
}
