import { inspect } from "node:util";
import type { z } from "zod";
import { countOf } from "../core/count";
import { nearest } from "../core/nearest";

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** What a check gives back to the engine. */
export interface CheckResult {
  readonly inputs: Record<string, unknown>;
  readonly failures: CheckFailure[];
}

/** The most problems of one resource that are told one by one. */
const MOST_FAILURES = 50;

/** Says of each problem that zod found: which property, which value, what would be right. */
export function checkFailures(error: z.ZodError, news: unknown): CheckFailure[] {
  const failures = error.issues.slice(0, MOST_FAILURES).map((issue) => ({
    property: propertyPath(issue.path),
    reason: `${propertyPath(issue.path)} is ${show(valueAt(news, issue.path))}: ${issue.message}`,
  }));
  const more = error.issues.length - failures.length;
  const [first] = failures;
  if (more > 0 && first) {
    failures.push({ property: first.property, reason: `and ${countOf(more, "more problem")} of this kind` });
  }
  return failures;
}

/** A problem for each property that the resource does not have, with the one that was probably meant. */
export function unknownProperties(
  news: Readonly<Record<string, unknown>>,
  known: readonly string[],
  internal: readonly string[],
): CheckFailure[] {
  return Object.keys(news)
    .filter((name) => !known.includes(name) && !internal.includes(name))
    .map((name) => ({ property: name, reason: `unknown property "${name}": ${suggestion(name, known)}` }));
}

export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near !== undefined ? `did you mean ${near}?` : `the properties are ${known.join(", ")}`;
}

/** `findingIds[3]`, as programs write it. */
function propertyPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function show(value: unknown): string {
  if (value === undefined) return "missing";
  return inspect(value, {
    depth: 1,
    maxArrayLength: 3,
    maxStringLength: 80,
    breakLength: Number.POSITIVE_INFINITY,
  });
}
