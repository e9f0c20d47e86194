import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { messageOf } from "../core/messageOf";
import { nearest } from "../core/nearest";
import { formatPath } from "./documentPath";
import type { DocumentProblem } from "./documentProblem";
import { OwnershipFileError, type OwnershipFileProblem } from "./ownershipFileError";
import { type Position, YamlPositions } from "./yamlPositions";
import { yamlProblems } from "./yamlProblems";

/** One file as YAML: nothing is checked of its content yet. */
export interface OwnershipDocument {
  /** Its path, as messages name it. */
  readonly file: string;
  readonly content: unknown;
  readonly positions: YamlPositions;
}

/** @throws OwnershipFileError if it cannot be read, or is no YAML */
export function readOwnershipDocument(path: string): OwnershipDocument {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new OwnershipFileError([
      { file: path, line: 0, column: 0, path: "", message: unreadable(path, error) },
    ]);
  }
  // A byte order mark is no character of the first line.
  return parseOwnershipDocument(text.replace(/^\uFEFF/, ""), path);
}

function unreadable(path: string, error: unknown): string {
  if (Reflect.get(Object(error), "code") !== "ENOENT") {
    return `cannot be read: ${messageOf(error)}`;
  }
  const folder = dirname(resolve(path));
  if (!existsSync(folder)) return `this file does not exist, as there is no folder ${folder}`;
  const near = nearest(basename(path), readdirSync(folder));
  return `this file does not exist in ${folder}${near === undefined ? "" : `; did you mean ${near}?`}`;
}

/** @throws OwnershipFileError if it is no YAML */
function parseOwnershipDocument(text: string, file: string): OwnershipDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const positions = new YamlPositions(document, text, lines);
  const problem = (message: string, offset: number) => ({ file, ...positions.at(offset), path: "", message });
  const syntax = yamlProblems(document, text);
  if (syntax.length > 0)
    throw new OwnershipFileError(syntax.map(({ message, offset }) => problem(message, offset)));
  try {
    return { file, content: document.toJS(), positions };
  } catch (error) {
    const message = `this is not valid YAML: ${messageOf(error)}`;
    throw new OwnershipFileError([problem(message, 0)]);
  }
}

/** Says where in its file a problem is. */
export function locate(
  { file, positions }: OwnershipDocument,
  problem: DocumentProblem,
): OwnershipFileProblem {
  const { path, message } = problem;
  return { file, ...positionOf(problem, positions), path: formatPath(path), message };
}

function positionOf({ path, atKey, offset }: DocumentProblem, positions: YamlPositions): Position {
  if (offset !== undefined) return positions.inText(path, offset);
  return atKey ? positions.key(path) : positions.value(path);
}
