import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import { lintOwnership, type OwnershipProblem } from "../core/ownership/lintOwnership";
import { type OwnershipSpec, ownershipSpec } from "../core/ownership/rule";
import { type DocumentPath, formatPath, valueAt } from "./documentPath";
import { OwnershipFileError, type OwnershipFileProblem } from "./ownershipFileError";
import { ownershipFileSchema } from "./ownershipSchema";
import { type DocumentProblem, schemaProblems } from "./schemaProblems";
import { type Position, YamlPositions } from "./yamlPositions";
import { yamlProblems } from "./yamlProblems";

export interface OwnershipFile {
  readonly spec: OwnershipSpec;
  /** Where the fields stand, for messages about them. */
  readonly positions: YamlPositions;
  /** What may be meant so, but is probably not: no fallback rule, `or` for OR. */
  readonly warnings: readonly OwnershipFileProblem[];
}

/**
 * Reads and parses an ownership file.
 * @throws OwnershipFileError if it cannot be read, or with all that is wrong in it
 */
export function loadOwnershipFile(path: string): OwnershipFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new OwnershipFileError([{ file: path, line: 1, column: 1, path: "", message }]);
  }
  return parseOwnershipFile(text, path);
}

/**
 * Parses the text of an ownership file.
 * @param fileName for messages
 * @throws OwnershipFileError with all that is wrong in it
 */
export function parseOwnershipFile(text: string, fileName: string): OwnershipFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const positions = new YamlPositions(document, text, lines);
  const problem = (path: DocumentPath, message: string, position: Position): OwnershipFileProblem => ({
    file: fileName,
    ...position,
    path: formatPath(path),
    message,
  });
  const locate = (found: DocumentProblem) => problem(found.path, found.message, positionOf(found, positions));

  const syntax = yamlProblems(document);
  if (syntax.length > 0) {
    throw fileError(syntax.map(({ message, offset }) => problem([], message, positions.at(offset))));
  }
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    const message = `this is no YAML: ${error instanceof Error ? error.message : String(error)}`;
    throw fileError([problem([], message, positions.at(0))]);
  }
  const parsed = ownershipFileSchema.safeParse(content);
  const wrong = parsed.success ? [] : schemaProblems(parsed.error, content);
  const lint = lintOwnership(parsed.success ? ownershipSpec(parsed.data) : readable(content), {
    handles: false,
  });
  const errors = [...wrong, ...lint.filter((each) => each.severity === "error" && !saidBy(wrong, each))];
  if (!parsed.success || errors.length > 0) throw fileError(errors.map(locate));
  const warnings = lint.filter(({ severity }) => severity === "warning").map(locate);
  return { spec: ownershipSpec(parsed.data), positions, warnings: inOrder(warnings) };
}

function fileError(problems: readonly OwnershipFileProblem[]): OwnershipFileError {
  return new OwnershipFileError(inOrder(problems));
}

function inOrder(problems: readonly OwnershipFileProblem[]): OwnershipFileProblem[] {
  return [...problems].sort((one, other) => one.line - other.line || one.column - other.column);
}

function positionOf({ path, atKey, offset }: DocumentProblem, positions: YamlPositions): Position {
  if (offset !== undefined) return positions.inText(path, offset);
  return atKey ? positions.key(path) : positions.value(path);
}

/** Whether the schema says the same already: one message for each place. */
function saidBy(wrong: readonly DocumentProblem[], { code, path }: OwnershipProblem): boolean {
  if (code === "emptyRules") return true;
  const place = formatPath(path);
  return wrong.some((each) => formatPath(each.path) === place);
}

/** What can be linted of a document that is not as the schema wants it, so that all problems are told at once. */
function readable(content: unknown): OwnershipSpec {
  const text = (path: DocumentPath, otherwise: string) => {
    const value = valueAt(content, path);
    return typeof value === "string" && value.trim() !== "" ? value : otherwise;
  };
  const rules = valueAt(content, ["rules"]);
  const scope = text(["scope"], "");
  return ownershipSpec({
    scope,
    rules: (Array.isArray(rules) ? rules : []).map((_, index) => ({
      name: text(["rules", index, "name"], `\0${index}`),
      query: text(["rules", index, "query"], `@finding_id:${index}`),
      assignee: text(["rules", index, "assignee"], "somebody@example.com"),
    })),
  });
}
