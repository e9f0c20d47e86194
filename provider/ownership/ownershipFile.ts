import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import type { OwnershipSpec } from "../core/ownership/rule";
import { checkOwnership } from "./checkOwnership";
import { type DocumentPath, formatPath } from "./documentPath";
import { OwnershipFileError, type OwnershipFileProblem } from "./ownershipFileError";
import type { DocumentProblem } from "./schemaProblems";
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
  // A byte order mark is no character of the first line.
  return parseOwnershipFile(text.replace(/^\uFEFF/, ""), path);
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

  const syntax = yamlProblems(document, text);
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
  const { spec, errors, warnings } = checkOwnership(content, { handles: false });
  if (!spec || errors.length > 0) throw fileError(errors.map(locate));
  return { spec, positions, warnings: inOrder(warnings.map(locate)) };
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
