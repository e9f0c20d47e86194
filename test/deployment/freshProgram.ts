const declarations = `const spec = JSON.parse(readFileSync(new pulumi.Config().require("spec"), "utf8"));
const { findingIds } = new FindingsAssignment("pinned", spec.pinned);
const { total } = new FindingsOwnership("ruled", { ...spec.ruled, exclude: findingIds });
export const pinned = findingIds.apply((ids) => ids.length);
export const ruled = total;
`;

/** A program of somebody who has installed the package: an ES module. */
export const plainProgram = `import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { FindingsAssignment, FindingsOwnership } from "pulumi-datadog-findings";

${declarations}`;

/** The same in TypeScript. */
export const typedProgram = plainProgram
  .replace("import { FindingsAssignment, ", "import { FindingsAssignment, type FindingsAssignmentArgs, ")
  .replace("FindingsOwnership }", "FindingsOwnership, type FindingsOwnershipArgs }")
  .replace("const spec =", "const spec: { pinned: FindingsAssignmentArgs; ruled: FindingsOwnershipArgs } =");

/** In TypeScript, using each entry that has types; the errors are those of a user, who must see them. */
export const typesProgram = `import { FindingsAssignment, FindingsOwnership, getFindings } from "pulumi-datadog-findings";
import type { FindingsAssignmentArgs, FindingsOwnershipArgs } from "pulumi-datadog-findings";
import { findingsPolicies } from "pulumi-datadog-findings/policy";
import { assignment, ownership } from "pulumi-datadog-findings/provider";

const args: FindingsAssignmentArgs = { findingIds: ["a"], assignee: "b" };
const rules: FindingsOwnershipArgs = { rules: [{ name: "a", query: "team:a", assignee: "b" }] };
export const ids = new FindingsAssignment("a", args).findingIds.apply((each) => each.map((id) => id.trim()));
export const total = new FindingsOwnership("a", rules).total.apply((count) => count.toFixed());
export const found = getFindings({ query: "team:a" }).then((each) => each.map(({ id }) => id.trim()));
export const policies = findingsPolicies().map(({ name }) => name.trim());
export const lifecycle = [assignment.create, ownership.create];
// @ts-expect-error: no such property
export const wrong = new FindingsAssignment("a", { findingIds: ["a"], asignee: "b" });
// @ts-expect-error: an output of strings, not of numbers
export const mistyped = new FindingsAssignment("a", args).findingIds.apply((each) => each.map((id) => id.toFixed()));
`;
