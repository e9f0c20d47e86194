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
  const errors = [...document.errors, ...document.warnings].map((error) => ({
    offset: error.pos[0],
    message: messageOf(error),
  }));
  if (open.length > 0) return [...errors.filter(({ offset }) => offset < first), ...open];
  if (errors.length > 0) return errors;
  const aliases = unresolvedAliases(document);
  return aliases.length > 0 ? aliases : impossibleMerges(document);
}

function messageOf({ code, message }: YAMLError): string {
  switch (code) {
    case "MULTIPLE_DOCS":
      return "a second document begins here: an ownership file is one document, without ---";
    case "BAD_ALIAS":
      return 'a text cannot begin with * in YAML: put it in quotes, as in query: "*"';
    case "BAD_SCALAR_START":
      return `${message}: put the text in quotes, as in query: "@severity:critical"`;
    case "DUPLICATE_KEY":
      return "this key is there already: keep one of the two";
    case "TAG_RESOLVE_FAILED":
      return `${message}: if a text is meant that begins with !, put it in quotes`;
    default:
      return `this is not valid YAML: ${message}`;
  }
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
