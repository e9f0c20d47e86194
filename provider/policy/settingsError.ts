import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { nearest } from "../core/nearest";

/**
 * Settings of a policy that cannot be used, each with what would be right. As a RunError it is printed
 * without a stack trace.
 * @param where "options", or "configuration"
 * @param known the names of all settings
 */
export function settingsError(
  policy: string,
  where: string,
  issues: readonly z.core.$ZodIssue[],
  values: object,
  known: readonly string[],
): pulumi.RunError {
  const problems = issues.flatMap((issue) => problemsOf(issue, values, known));
  return plainError(`the ${where} of the policy ${policy} cannot be used: ${problems.join("; ")}`);
}

/** Without a stack: the SDK prints the message of a RunError alone. */
export function plainError(message: string): pulumi.RunError {
  const error = new pulumi.RunError(message);
  error.stack = message;
  return error;
}

/** `unknown setting "domians"; did you mean domains?` */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const right = near === undefined ? `the known ones are ${known.join(", ")}` : `did you mean ${near}?`;
  return `unknown ${kind} "${name}"; ${right}`;
}

function problemsOf(issue: z.core.$ZodIssue, values: object, known: readonly string[]): string[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((name) => unknownName("setting", name, known));
  const value = issue.path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    values,
  );
  const place = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : String(key))).join("");
  return [`${place} is ${JSON.stringify(value)}: ${issue.message}`];
}
