import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import { type DocumentPath, valueAt } from "./documentPath";
import { ownershipFileSchema, ruleSchema } from "./ownershipSchema";

export interface DocumentProblem {
  readonly path: DocumentPath;
  readonly message: string;
  /** Whether it is about the key, not the value. */
  readonly atKey?: boolean;
  /** Of a text: where in it, in UTF-16 code units from 0. */
  readonly offset?: number;
}

const TOP_KEYS = Object.keys(ownershipFileSchema.shape);
const RULE_KEYS = Object.keys(ruleSchema.shape);

/** What the schema found, in words: what is there, and what would be right. */
export function schemaProblems(error: z.ZodError, document: unknown): DocumentProblem[] {
  const unknown = error.issues.flatMap(unknownKeys);
  const meant = new Set(unknown.map(({ path, meant }) => JSON.stringify([...path.slice(0, -1), meant])));
  const others = error.issues
    .filter((issue) => issue.code !== "unrecognized_keys")
    .map((issue) => valueProblem(issue, document))
    .filter(({ path, missing }) => !(missing && meant.has(JSON.stringify(path))));
  return [...unknown, ...others].map(({ path, message, atKey }) => ({
    path,
    message,
    ...(atKey && { atKey }),
  }));
}

function unknownKeys(issue: z.core.$ZodIssue): (DocumentProblem & { meant: string | undefined })[] {
  if (issue.code !== "unrecognized_keys") return [];
  const path = documentPath(issue.path);
  const known = path.length === 0 ? TOP_KEYS : RULE_KEYS;
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    const right = meant === undefined ? `the keys are ${known.join(", ")}` : `did you mean "${meant}"?`;
    return { path: [...path, key], message: `unknown key "${key}"; ${right}`, atKey: true, meant };
  });
}

function nearest(key: string, known: readonly string[]): string | undefined {
  const far = (other: string) => distance(key.toLowerCase(), other.toLowerCase());
  const [best] = [...known].sort((one, other) => far(one) - far(other));
  return best !== undefined && far(best) <= Math.max(2, key.length / 3) ? best : undefined;
}

function valueProblem(
  issue: z.core.$ZodIssue,
  document: unknown,
): DocumentProblem & { atKey?: boolean; missing: boolean } {
  const path = documentPath(issue.path);
  const value = valueAt(document, path);
  if (value === undefined && path.length > 0) {
    return { path, message: `"${String(path.at(-1))}" is missing: ${issue.message}`, missing: true };
  }
  return { path, message: valueMessage(issue, value), missing: false };
}

function valueMessage(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code !== "invalid_type") {
    return typeof value === "string" && issue.message.startsWith(`"${value}"`)
      ? issue.message
      : `${shown(value)} is wrong: ${issue.message}`;
  }
  const scalar = typeof value === "number" || typeof value === "boolean";
  const quotes =
    issue.expected === "string" && scalar ? ` (in quotes it would be one: "${String(value)}")` : "";
  return `${shown(value)} is wrong: ${issue.message}${quotes}`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "an empty value";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function documentPath(path: readonly PropertyKey[]): DocumentPath {
  return path.map((key) => (typeof key === "symbol" ? String(key) : key));
}
