import { readFileSync } from "node:fs";
import { messageOf } from "../core/messageOf";
import { lastOwnersOf } from "../ownership/lastOwners";
import { deployedBy } from "../ownership/ownershipState";
import type { OwnershipContext, OwnershipRule, OwnershipSpec } from "../rules/rule";
import type { LastOwner } from "../session/resolveOwner";
import { type CommandArguments, type CommandOption, optionValue, STACK_OPTION } from "./command";
import { type DeployedStack, RESOURCE_OPTION, readDeployedStack } from "./deployedStack";
import type { Terminal } from "./terminal";

const EXCLUDE = "exclude";

/** Of commands that say what the next deployment does. */
export const BESIDE_OPTIONS: readonly CommandOption[] = [
  {
    name: EXCLUDE,
    value: "IDS.txt",
    summary: "leaves out the findings whose ids are in this file, such as those of a list beside the rules",
  },
  {
    name: STACK_OPTION.name,
    value: "NAME",
    summary: "reads the configuration and the state of this stack, with the pulumi CLI on PATH",
  },
  RESOURCE_OPTION,
];

/** Findings that are left out, and who names them. */
export interface LeftOut {
  /** `audit.txt`, or `the FindingsAssignment "audit"`. */
  readonly by: string;
  readonly findingIds: readonly string[];
}

/** What a command knows beside the rules of a file. */
export class BesideRules {
  static readonly nothing = new BesideRules(undefined, []);
  /** Of a rule: what the last deployment knew of its owners. */
  readonly lastOwner: (rule: OwnershipRule) => LastOwner;
  readonly deployed: OwnershipContext["deployed"];

  /** @param state what `--stack` has; undefined: it was not asked for */
  constructor(
    readonly state: DeployedStack | undefined,
    readonly leftOut: readonly LeftOut[],
  ) {
    this.lastOwner = lastOwnersOf(state?.rules);
    this.deployed = deployedBy(state?.rules);
  }

  /** By `--stack` and `--exclude`. @throws Error where the stack or the file cannot be read */
  static async read(args: CommandArguments, terminal: Terminal, command: string): Promise<BesideRules> {
    const file = optionValue(args, EXCLUDE);
    const ofFile = file === undefined ? [] : [{ by: file, findingIds: idsIn(file) }];
    const state = await readDeployedStack(args, terminal, command);
    const ofLists = [...(state?.lists ?? [])].map(([name, findingIds]) => ({
      by: `the FindingsAssignment "${name}"`,
      findingIds,
    }));
    return new BesideRules(state, [...ofFile, ...ofLists]);
  }

  /** The rules without what is left out. */
  within(spec: OwnershipSpec): OwnershipSpec {
    const ids = this.leftOut.flatMap(({ findingIds }) => findingIds);
    return { ...spec, exclude: [...new Set([...spec.exclude, ...ids])] };
  }
}

/** Ids between white space and commas. */
function idsIn(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .split(/[\s,]+/)
      .filter((id) => id !== "");
  } catch (error) {
    throw new Error(`${file} cannot be read: ${messageOf(error)}`);
  }
}
