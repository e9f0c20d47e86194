import { readFileSync } from "node:fs";
import { messageOf } from "../core/messageOf";
import { ownerProblem } from "../rules/ownerProblem";
import { csvRows } from "./csv";

/** Who owns what a code owner owns, as a rule names the owner: by code owner. */
export type OwnerMap = ReadonlyMap<string, string>;

/**
 * Reads a table of two columns: the code owner as Datadog writes it, and the owner as a rule does. A first
 * row `codeowner,owner` is a heading. A row without an owner says that none is known yet.
 * @throws Error with all that is wrong in it
 */
export function readOwnerMap(file: string): OwnerMap {
  return parseOwnerMap(readTable(file), file);
}

/** @throws Error that says why the file cannot be read */
export function readTable(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${file} cannot be read: ${messageOf(error)}`);
  }
}

/** @param file for messages */
function parseOwnerMap(text: string, file: string): OwnerMap {
  const map = new Map<string, string>();
  const seen = new Map<string, number>();
  const problems: string[] = [];
  for (const { fields, line } of rowsOf(text, file)) {
    const [codeOwner = "", owner = "", ...more] = fields;
    if (line === 1 && codeOwner.toLowerCase() === "codeowner") continue;
    const problem = rowProblem(codeOwner, owner, more.length, seen.get(codeOwner));
    if (problem !== undefined) problems.push(`${file}:${line} ${problem}`);
    seen.set(codeOwner, line);
    if (owner !== "") map.set(codeOwner, owner);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return map;
}

/** @throws Error that names the file */
export function rowsOf(text: string, file: string): ReturnType<typeof csvRows> {
  try {
    return csvRows(text);
  } catch (error) {
    throw new Error(`${file}: ${messageOf(error)}`);
  }
}

function rowProblem(
  codeOwner: string,
  owner: string,
  more: number,
  before: number | undefined,
): string | undefined {
  if (more > 0) return `there are ${more + 2} columns: two are needed, the code owner and the owner`;
  if (codeOwner === "") return "a code owner is needed in the first column, like @org/payments";
  if (before !== undefined) return `${codeOwner} is there already, in line ${before}: keep one of the two`;
  return owner === "" ? undefined : ownerProblem(owner, { handles: false });
}
