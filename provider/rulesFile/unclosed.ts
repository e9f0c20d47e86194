import { type Document, isCollection, isNode, isPair, isScalar, type Node, visit } from "yaml";
import type { SyntaxProblem } from "./syntaxProblem";

/**
 * Quotes and brackets that are never closed, where they open. The parser finds out at the place where it
 * gives up, often the end of the file; and whatever else it says from the opening on is a consequence.
 */
export function unclosed(document: Document.Parsed, source: string): SyntaxProblem[] {
  const ends = new Set(document.errors.filter(({ code }) => CODES.has(code)).map(({ pos }) => pos[0]));
  const open: SyntaxProblem[] = [];
  visit(document, {
    Node(_key, node) {
      const [start, end] = node.range ?? [];
      if (start === undefined || end === undefined || !ends.has(end)) return;
      const closing = closingOf(node, source.charAt(start));
      if (closing !== undefined && !isClosed(node, source.slice(start, end), closing)) {
        open.push({ offset: start, message: messageOf(source.charAt(start), closing) });
      }
    },
  });
  // In a text that never ends, no bracket can be closed.
  const quotes = open.filter(({ offset }) => QUOTES.has(source.charAt(offset)));
  return quotes.length > 0 ? quotes : open;
}

const CODES: ReadonlySet<string> = new Set(["MISSING_CHAR", "BAD_INDENT"]);
const QUOTES: ReadonlySet<string> = new Set(['"', "'"]);
const CLOSING: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ["[", "]"],
  ["{", "}"],
]);

/** What closes a node; undefined for one that nothing closes. */
function closingOf(node: Node, opening: string): string | undefined {
  const isQuoted = isScalar(node) && QUOTES.has(opening);
  const isFlow = isCollection(node) && node.flow === true;
  return isQuoted || isFlow ? CLOSING.get(opening) : undefined;
}

function isClosed(node: Node, written: string, closing: string): boolean {
  if (closing === '"') return /^"(?:[^"\\]|\\.)*"$/s.test(written);
  if (closing === "'") return /^'(?:[^']|'')*'$/.test(written);
  const last = written.trimEnd().length - 1;
  // The bracket at the end may be that of what stands inside.
  return written.charAt(last) === closing && endOfItems(node) <= (node.range?.[0] ?? 0) + last;
}

function endOfItems(node: Node): number {
  const item = isCollection(node) ? node.items.at(-1) : undefined;
  const inner = isPair(item) ? (item.value ?? item.key) : item;
  return (isNode(inner) ? inner.range?.[1] : undefined) ?? 0;
}

function messageOf(opening: string, closing: string): string {
  const where = QUOTES.has(opening) ? "where the text ends" : "where it ends, on its line or indented";
  return `this is not valid YAML: this ${opening} is never closed; write ${closing} ${where}`;
}
