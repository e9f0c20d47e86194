import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  visit,
  type YAMLError,
} from "yaml";
import type { SyntaxProblem } from "./syntaxProblem";
import { unclosed } from "./unclosed";

/** What is wrong with a file as YAML. Nothing can be said of its content then. */
export function yamlProblems(document: Document.Parsed, source: string): SyntaxProblem[] {
  const open = unclosed(document, source);
  const first = Math.min(...open.map(({ offset }) => offset));
  const errors = withoutRepeated([...document.errors, ...document.warnings], source).map((error) => ({
    offset: error.pos[0],
    message: messageOf(error, source),
  }));
  if (open.length > 0) return [...errors.filter(({ offset }) => offset < first), ...open];
  if (errors.length > 0) return errors;
  const aliases = unresolvedAliases(document);
  return aliases.length > 0 ? aliases : impossibleMerges(document);
}

/** One tab is seldom alone, and one line with a colon too many is one mistake. */
function withoutRepeated(errors: readonly YAMLError[], source: string): YAMLError[] {
  const told = new Set<string>();
  return errors.filter(({ code, pos: [offset] }) => {
    const place =
      code === "TAB_AS_INDENT" ? "the file" : `line after ${source.lastIndexOf("\n", offset - 1)}`;
    const isFirst = !told.has(place);
    if (isNested(code) || code === "TAB_AS_INDENT") told.add(place);
    return isFirst;
  });
}

function isNested(code: YAMLError["code"]): boolean {
  return code === "BLOCK_AS_IMPLICIT_KEY" || code === "BLOCK_IN_FLOW";
}

function messageOf({ code, message, pos: [offset] }: YAMLError, source: string): string {
  if (isNested(code)) return secondColon(source.slice(offset)) ?? `this is not valid YAML: ${message}`;
  switch (code) {
    case "MULTIPLE_DOCS":
      return "a second document begins here: an ownership file is one document, without ---";
    case "BAD_ALIAS":
      return 'a text cannot begin with * in YAML: put it in quotes, as in query: "*"';
    case "BAD_SCALAR_START":
      return `${message}: put the text in quotes, as in query: "@severity:critical"`;
    case "TAB_AS_INDENT":
      return "YAML allows no tabs as indentation: put spaces in their place, here and in the lines that follow";
    case "DUPLICATE_KEY":
      return "this key is there already: keep one of the two";
    case "TAG_RESOLVE_FAILED":
      return `${message}: if a text is meant that begins with !, put it in quotes`;
    default:
      return `this is not valid YAML: ${message}`;
  }
}

/**
 * Of a value such as `team: payments`, in which YAML sees a mapping.
 * @param text from the beginning of the value on
 */
function secondColon(text: string): string | undefined {
  const [, before, after] = /^([^\s:]+):[ \t]+([^\s,}\]]+)/.exec(text) ?? [];
  if (before !== undefined && after !== undefined) {
    const value = /^\w/.test(before) ? `${before}:${after}` : `"${before}:${after}"`;
    return `there is a space after "${before}:", and YAML takes that for a mapping: write ${value}, or, if the space is meant, put the text in quotes`;
  }
  const [line = ""] = text.split("\n");
  return /:[ \t]/.test(line)
    ? "YAML takes a colon and a space for a mapping: put the whole text in quotes"
    : undefined;
}

function unresolvedAliases(document: Document.Parsed): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (!isAlias(alias) || alias.resolve(document)) return;
      const message =
        `*${alias.source} refers to &${alias.source}, which is not there before it; ` +
        `if a query is meant, put it in quotes: "*${alias.source}"`;
      problems.push({ offset: alias.range?.[0] ?? 0, message });
    },
  });
  return problems;
}

/** `<<` takes the keys of a mapping, or of a list of mappings. */
function impossibleMerges(document: Document.Parsed): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  visit(document, {
    Pair(_key, pair) {
      if (!isMerge(pair)) return;
      const source = resolved(pair.value, document);
      const sources = isSeq(source) ? source.items.map((item) => resolved(item, document)) : [source];
      if (sources.every(isMap)) return;
      const message = "<< takes over the keys of a mapping, as in <<: *base: there is no mapping here";
      problems.push({ offset: placeOf(pair), message });
    },
  });
  return problems;
}

/** The parser turns the key into a symbol, but a quoted `<<`, which is a key like others. */
function isMerge({ key }: Pair): boolean {
  return isScalar(key) && typeof key.value === "symbol";
}

function resolved(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function placeOf({ key, value }: Pair): number {
  const node = isNode(value) ? value : key;
  return (isNode(node) ? node.range?.[0] : undefined) ?? 0;
}
