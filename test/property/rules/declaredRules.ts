import type { EmulatedFinding } from "../../emulator";
import type { DeclaredUser } from "../randomProgram";
import type { Condition } from "./condition";

export interface DeclaredRule {
  readonly name: string;
  readonly condition: Condition;
  readonly user: DeclaredUser;
  readonly overwrite: boolean;
}

/** A FindingsOwnership of a program. */
export interface DeclaredRules {
  readonly rules: readonly DeclaredRule[];
  readonly scope: Condition | undefined;
  readonly exclude: readonly string[];
  readonly releaseRemoved: boolean;
  readonly keepOnDelete: boolean;
}

export type Ownerships = ReadonlyMap<string, DeclaredRules>;

/** The first rule that matches, unless the finding is out of scope or excluded. */
export function ruleFor(
  { rules, scope, exclude }: DeclaredRules,
  finding: EmulatedFinding,
): DeclaredRule | undefined {
  if (exclude.includes(finding.id) || (scope && !scope.holds(finding))) return undefined;
  return rules.find(({ condition }) => condition.holds(finding));
}

/** By name of the resource: the rule that gives a finding to somebody. */
export function rulesFor(ownerships: Ownerships, finding: EmulatedFinding): Map<string, DeclaredRule> {
  const found = new Map<string, DeclaredRule>();
  for (const [name, declared] of ownerships) {
    const rule = ruleFor(declared, finding);
    if (rule) found.set(name, rule);
  }
  return found;
}
