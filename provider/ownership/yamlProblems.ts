import { type Document, isAlias, visit, type YAMLError } from "yaml";

export interface SyntaxProblem {
  /** Into the file, in UTF-16 code units from 0. */
  readonly offset: number;
  readonly message: string;
}

/** What is wrong with a file as YAML. Nothing can be said of its content then. */
export function yamlProblems(document: Document.Parsed): SyntaxProblem[] {
  const errors = [...document.errors, ...document.warnings].map((error) => ({
    offset: error.pos[0],
    message: messageOf(error),
  }));
  return errors.length > 0 ? errors : unresolvedAliases(document);
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
      return `this is no YAML: ${message}`;
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
