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
export const typesProgram = `import * as pulumi from "@pulumi/pulumi";
import {
  FindingsAssignment,
  FindingsOwnership,
  getFindings,
  getFindingsOutput,
  getOnCallOutput,
  getTeam,
  getUser,
  getUserOutput,
} from "pulumi-datadog-findings";
import type {
  DatadogUser,
  Finding,
  FindingProblem,
  FindingsAssignmentArgs,
  FindingsOwnershipArgs,
  GetUserOutputArgs,
  OwnershipFileOptions,
  OwnershipRule,
  RuleResult,
} from "pulumi-datadog-findings";
import { allowedOwners, findingsPolicies, maxAssignmentSize } from "pulumi-datadog-findings/policy";
import { assignment, ownership } from "pulumi-datadog-findings/provider";

const args: FindingsAssignmentArgs = { findingIds: ["a"], assignee: "b", onMissing: undefined };
const rules: FindingsOwnershipArgs = {
  rules: [{ name: "a", query: "team:a", assignee: "b", overwrite: undefined, note: undefined }],
  scope: undefined,
  exclude: undefined,
  maxChanges: undefined,
  onDelete: undefined,
  releaseRemoved: undefined,
};
const pinned = new FindingsAssignment("a", args);
export const ids = pinned.findingIds.apply((each) => each.map((id) => id.trim()));
export const pinnedOutputs: {
  assignee: pulumi.Output<string>;
  onMissing: pulumi.Output<"fail" | "ignore">;
  assigneeId: pulumi.Output<string>;
  failures: pulumi.Output<FindingProblem[]>;
} = pinned;
const ruled = new FindingsOwnership("a", rules, { dependsOn: pinned });
export const total = ruled.total.apply((count) => count.toFixed());
export const ruledOutputs: {
  rules: pulumi.Output<OwnershipRule[]>;
  scope: pulumi.Output<string | undefined>;
  exclude: pulumi.Output<string[]>;
  maxChanges: pulumi.Output<number | undefined>;
  onDelete: pulumi.Output<"unassign" | "keep">;
  releaseRemoved: pulumi.Output<boolean>;
  results: pulumi.Output<RuleResult[]>;
} = ruled;
export const explained = ruled.explain(ids.apply(([first]) => first ?? ""));
const fileOptions: OwnershipFileOptions = { protect: true, exclude: pinned.findingIds };
export const fromFiles = [
  FindingsOwnership.fromFile("a", "a.yaml"),
  FindingsOwnership.fromFile("a", "a.yaml", fileOptions),
  FindingsOwnership.fromFile("a.yaml"),
  FindingsOwnership.fromFile("a.yaml", { name: "a", exclude: ["b"], protect: true }),
];
export const chained = new FindingsAssignment("b", { findingIds: pinned.findingIds, assignee: pinned.assignee });
export const found: Promise<Finding[]> = getFindings({ query: "team:a", limit: undefined }, { async: true });
export const foundLater: pulumi.Output<Finding[]> = getFindingsOutput({ query: pulumi.output("team:a") }, { dependsOn: [pinned] });
export const user: Promise<DatadogUser> = getUser({ email: "a@example.com" }, {});
const userArgs: GetUserOutputArgs = { email: pulumi.output("a@example.com") };
export const userLater: pulumi.Output<string> = getUserOutput(userArgs, { dependsOn: pinned }).id;
export const members: Promise<readonly DatadogUser[]> = getTeam({ handle: "payments" }).then((team) => team.members);
export const onCall: pulumi.Output<string> = getOnCallOutput({ team: "payments" }, { dependsOn: pinned }).users[0].id;
const unsure: unknown = pinned;
if (FindingsAssignment.isInstance(unsure)) void unsure.assigneeId;
if (FindingsOwnership.isInstance(unsure)) void unsure.results;
export const policies = findingsPolicies({ allowedOwners: false, maxAssignmentSize: undefined }).map(({ name }) => name.trim());
export const single = [allowedOwners({ users: undefined, enforcementLevel: undefined }), maxAssignmentSize({ max: undefined })];
export const lifecycle = [assignment.create, ownership.create];
// @ts-expect-error: no such property
export const wrong = new FindingsAssignment("a", { findingIds: ["a"], asignee: "b" });
// @ts-expect-error: an output of strings, not of numbers
export const mistyped = pinned.findingIds.apply((each) => each.map((id) => id.toFixed()));
// @ts-expect-error: arguments are not changed by anybody
args.assignee = "c";
`;
