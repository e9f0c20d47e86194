import { z } from "zod";
import {
  assignmentType,
  ownershipType,
  pluginAssignmentType,
  pluginOwnershipType,
} from "../engine/resourceTypes";
import { type OwnershipState, parseOwnershipState } from "../ownership/ownershipState";
import { askPulumi } from "./askPulumi";
import { type CommandArguments, type CommandOption, optionValue, UsageError } from "./command";
import type { Terminal } from "./terminal";

/** What the last deployment of a stack left. */
export interface DeployedStack {
  readonly stack: string;
  /** Of the rules; undefined: none are deployed. */
  readonly rules: OwnershipState | undefined;
  /** What FindingsAssignments declare, by the name of the resource. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

export const RESOURCE_OPTION: CommandOption = {
  name: "resource",
  value: "NAME",
  summary: "with --stack: which FindingsOwnership this file belongs to, where the stack has several",
};

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  delete: z.boolean().default(false),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
/** Without a first deployment there are no resources. */
const answer = z.object({ deployment: z.object({ resources: z.array(resource).default([]) }) });
const listInputs = z.object({ findingIds: z.array(z.string()) });

/**
 * Reads the state of the stack that `--stack` names with `pulumi stack export`.
 * @returns undefined without `--stack`
 * @throws UsageError where the stack has several FindingsOwnership, and `--resource` names none of them
 */
export async function readDeployedStack(
  args: CommandArguments,
  { env }: Pick<Terminal, "env">,
  command: string,
): Promise<DeployedStack | undefined> {
  const stack = optionValue(args, "stack");
  const name = optionValue(args, RESOURCE_OPTION.name);
  if (stack === undefined) {
    if (name === undefined) return undefined;
    throw new UsageError("--resource needs --stack: without it no state is read", command);
  }
  const exported = await askPulumi({ stack, command: ["stack", "export"], what: "state", answer }, env);
  const resources = exported.deployment.resources.filter((each) => !each.delete);
  const rules = resources.filter(({ type }) => [ownershipType, pluginOwnershipType].includes(type));
  const lists = resources.filter(({ type }) => [assignmentType, pluginAssignmentType].includes(type));
  const chosen = choose(rules, { stack, name, command });
  return {
    stack,
    rules: chosen && parseOwnershipState(inClear(chosen.outputs)),
    lists: new Map(lists.map((list) => [nameOf(list), idsOf(list.inputs)])),
  };
}

function choose<T extends { readonly urn: string }>(
  rules: readonly T[],
  { stack, name, command }: { stack: string; name: string | undefined; command: string },
): T | undefined {
  const named = name === undefined ? rules : rules.filter((each) => nameOf(each) === name);
  const [first, ...others] = named;
  if (others.length === 0 && (first || name === undefined)) return first;
  const known = rules.map(nameOf);
  if (name === undefined)
    throw new UsageError(
      `the stack ${stack} has several FindingsOwnership resources: say with --resource NAME which one this file ` +
        `belongs to: ${known.join(" or ")}`,
      command,
    );
  const problem = first
    ? `has more than one FindingsOwnership "${name}"`
    : `has no FindingsOwnership "${name}"; it has: ${known.join(", ") || "none"}`;
  throw new UsageError(`the stack ${stack} ${problem}`, command);
}

function nameOf({ urn }: { readonly urn: string }): string {
  return urn.split("::").slice(3).join("::");
}

/** What is not known yet, or a list of another form, excludes nothing. */
function idsOf(inputs: unknown): readonly string[] {
  const parsed = listInputs.safeParse(inClear(inputs));
  return parsed.success ? parsed.data.findingIds : [];
}

/** How a state marks a secret. Source: pulumi/pulumi, sdk/go/common/resource/sig. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** A stored value without the marks of secrets. */
function inClear(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inClear);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && "plaintext" in value && typeof value.plaintext === "string") {
    return inClear(JSON.parse(value.plaintext));
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inClear(each)]));
}
