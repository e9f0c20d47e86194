import { dirname, isAbsolute, join, resolve } from "node:path";
import { valueAt } from "./documentPath";
import type { DocumentProblem } from "./documentProblem";
import { matchingFiles, unsupportedSign } from "./matchingFiles";
import { locate, type OwnershipDocument, readOwnershipDocument } from "./ownershipDocument";
import { OwnershipFileError, type OwnershipFileProblem } from "./ownershipFileError";

export interface IncludedFiles {
  /** In the order of `include`, and for one pattern by name; each file once. */
  readonly documents: readonly OwnershipDocument[];
  readonly problems: readonly OwnershipFileProblem[];
}

/** Reads the files that a file includes. */
export function readIncludedFiles(main: OwnershipDocument): IncludedFiles {
  const problems: OwnershipFileProblem[] = [];
  const documents = new Map<string, OwnershipDocument>();
  for (const { pattern, path } of patternsIn(main.content)) {
    const { files, problem } = filesOf(main.file, pattern);
    if (problem !== undefined) problems.push(locate(main, { path, message: problem }));
    for (const file of files.filter((each) => !documents.has(resolve(each)))) {
      try {
        documents.set(resolve(file), readOwnershipDocument(file));
      } catch (error) {
        if (!(error instanceof OwnershipFileError)) throw error;
        problems.push(...error.problems);
      }
    }
  }
  return { documents: [...documents.values()], problems };
}

/** As far as they are written as the schema wants it. */
function patternsIn(content: unknown): { pattern: string; path: DocumentProblem["path"] }[] {
  const include = valueAt(content, ["include"]);
  if (typeof include === "string") return [{ pattern: include, path: ["include"] }];
  return (Array.isArray(include) ? include : []).flatMap((pattern: unknown, index) =>
    typeof pattern === "string" ? [{ pattern, path: ["include", index] }] : [],
  );
}

function filesOf(main: string, pattern: string): { files: readonly string[]; problem?: string } {
  if (pattern.trim() === "") return { files: [] };
  const sign = unsupportedSign(pattern);
  if (sign !== undefined) {
    const problem = `${sign} has no meaning in a path here: * and ? stand for characters, ** for folders, / is between names`;
    return { files: [], problem };
  }
  if (isAbsolute(pattern)) {
    return { files: [], problem: `"${pattern}" is absolute: write it relative to this file` };
  }
  const folder = dirname(main);
  const files = matchingFiles(folder, pattern)
    .map((file) => join(folder, file))
    .filter((file) => resolve(file) !== resolve(main));
  if (files.length > 0) return { files };
  return { files, problem: `no file matches "${pattern}" in ${resolve(folder)}` };
}
