import type { z } from "zod";
import { nearest } from "../core/nearest";
import { type DocumentPath, valueAt } from "./documentPath";
import type { DocumentProblem } from "./documentProblem";
import { ruleSchema } from "./ownershipSchema";

const RULE_KEYS = Object.keys(ruleSchema.shape);
/** Of one of several owners. */
const OWNER_KEYS = ["assignee", "weight"];

/**
 * What the schema found, in words: what is there, and what would be right.
 * @param topKeys the keys of the document itself
 */
export function schemaProblems(
  error: z.ZodError,
  document: unknown,
  topKeys: readonly string[],
): DocumentProblem[] {
  const issues = error.issues.flatMap((issue) => meantIssues(issue, document));
  const unknown = issues.flatMap((issue) => unknownKeys(issue, document, topKeys));
  const meant = new Set(unknown.map(({ path, meant }) => JSON.stringify([...path.slice(0, -1), meant])));
  const others = issues
    .filter((issue) => issue.code !== "unrecognized_keys")
    .map((issue) => valueProblem(issue, document))
    .filter(({ path, missing }) => !(missing && meant.has(JSON.stringify(path))));
  return [...unknown, ...others].map(({ path, message, atKey }) => ({
    path,
    message,
    ...(atKey && { atKey }),
  }));
}

/** Of "one or a list of them": what is wrong with the one that is written, instead of "neither". */
function meantIssues(issue: z.core.$ZodIssue, document: unknown): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const value = valueAt(document, documentPath(issue.path));
  const branch = issue.errors.find((each) =>
    each.every(({ code, path }) => code !== "invalid_type" || path.length > 0),
  );
  if (!branch || value === undefined) return [issue];
  return branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function unknownKeys(
  issue: z.core.$ZodIssue,
  document: unknown,
  topKeys: readonly string[],
): (DocumentProblem & { meant: string | undefined })[] {
  if (issue.code !== "unrecognized_keys") return [];
  const path = documentPath(issue.path);
  const isOwner = path.at(-2) === "assignees";
  const known = isOwner ? OWNER_KEYS : path.length === 0 ? topKeys : RULE_KEYS;
  return issue.keys.map((key) => {
    const team = isOwner ? valueAt(document, [...path, key]) : undefined;
    if (isTeamKind(key, team)) {
      return { path: [...path, key], message: spaceInOwner(key, team), atKey: true, meant: "assignee" };
    }
    const meant = nearest(key, known);
    const right = meant === undefined ? `the keys are ${known.join(", ")}` : `did you mean "${meant}"?`;
    return { path: [...path, key], message: `unknown key "${key}"; ${right}`, atKey: true, meant };
  });
}

function valueProblem(
  issue: z.core.$ZodIssue,
  document: unknown,
): DocumentProblem & { atKey?: boolean; missing: boolean } {
  const path = documentPath(issue.path);
  const value = valueAt(document, path);
  if (issue.code === "invalid_key") {
    const message = `"${String(path.at(-1))}" is not a name: ${issue.issues[0]?.message ?? issue.message}`;
    return { path, message, atKey: true, missing: false };
  }
  if (value === undefined && path.length > 0) {
    return { path, message: `"${String(path.at(-1))}" is missing: ${issue.message}`, missing: true };
  }
  return { path, message: valueMessage(issue, value), missing: false };
}

/** Of `team: payments`, as in a list of owners or on a line of its own. */
function isTeamKind(key: string, value: unknown): value is string {
  return (key === "team" || key === "on-call") && typeof value === "string";
}

function spaceInOwner(kind: string, handle: string): string {
  return `there is a space after "${kind}:", and YAML takes that for a mapping: write ${kind}:${handle}`;
}

function teamInMapping(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const [[kind, handle] = ["", ""], ...others] = Object.entries(value);
  return others.length === 0 && isTeamKind(kind, handle) ? spaceInOwner(kind, handle) : undefined;
}

function valueMessage(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code !== "invalid_type") {
    return typeof value === "string" && issue.message.startsWith(`"${value}"`)
      ? issue.message
      : `${shown(value)} is wrong: ${issue.message}`;
  }
  const team = teamInMapping(value);
  if (team !== undefined) return team;
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
