import type { Day } from "../core/day";
import type { OwnershipDeclaration } from "../rules/declaration";
import { checkOwnership } from "./checkOwnership";
import type { DocumentProblem } from "./documentProblem";
import { readIncludedFiles } from "./includedFiles";
import { type FileShare, MergedFiles } from "./mergedFiles";
import { readOwnershipDocument } from "./ownershipDocument";
import { OwnershipFileError, type OwnershipFileProblem } from "./ownershipFileError";

export interface OwnershipFile {
  /** With the rules of included files, and owners in the place of names of `people`. */
  readonly declaration: OwnershipDeclaration;
  /** The files that the rules stand in, in the order of the rules. */
  readonly files: readonly FileShare[];
  /** What may be meant so, but is probably not: no fallback rule, `or` for OR. */
  readonly warnings: readonly OwnershipFileProblem[];
  /** Says in which file something of the declaration stands, and where. */
  locate(problem: DocumentProblem): OwnershipFileProblem;
}

/**
 * Reads and parses an ownership file, and those that it includes.
 * @param day today in UTC: rules that have ended count as taken out
 * @throws OwnershipFileError if one cannot be read, or with all that is wrong in them
 */
export function loadOwnershipFile(path: string, day: Day): OwnershipFile {
  const main = readOwnershipDocument(path);
  const included = readIncludedFiles(main);
  const merged = new MergedFiles(main, included.documents);
  const locate = (problem: DocumentProblem) => merged.locate(problem);
  const { declaration, errors, warnings } = checkOwnership(merged.content, {
    day,
    handles: false,
    rulePlace: (index) => merged.rulePlace(index),
  });
  const problems = [...included.problems, ...merged.problems, ...errors.map(locate)];
  if (!declaration || problems.length > 0) throw new OwnershipFileError(inOrder(problems, main.file));
  return { declaration, files: merged.shares, warnings: inOrder(warnings.map(locate), main.file), locate };
}

/** By file, the main one first, and in each by line. */
function inOrder(problems: readonly OwnershipFileProblem[], main: string): OwnershipFileProblem[] {
  const others = problems.map(({ file }) => file).filter((file) => file !== main);
  const rank = new Map([main, ...others.sort()].map((file, index) => [file, index]));
  const fileRank = ({ file }: OwnershipFileProblem) => rank.get(file) ?? 0;
  return [...problems].sort(
    (one, other) => fileRank(one) - fileRank(other) || one.line - other.line || one.column - other.column,
  );
}
