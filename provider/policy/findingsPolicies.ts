import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { type AllowedOwnersOptions, allowedOwners } from "./allowedOwners";
import { type MaxAssignmentSizeOptions, maxAssignmentSize } from "./maxAssignmentSize";
import { type NoDuplicateFindingsOptions, noDuplicateFindings } from "./noDuplicateFindings";
import { type NoOverwriteOnProtectedOptions, noOverwriteOnProtected } from "./noOverwriteOnProtected";
import { type RequireFallbackRuleOptions, requireFallbackRule } from "./requireFallbackRule";
import { type RequireRuleNameAndNoteOptions, requireRuleNameAndNote } from "./requireRuleNameAndNote";
import { plainError, unknownName } from "./settingsError";

/**
 * The options of each policy, by the name of its factory; `false` leaves the policy out. Default: its
 * defaults.
 */
export interface FindingsPoliciesOptions {
  readonly allowedOwners?: AllowedOwnersOptions | false | undefined;
  readonly noDuplicateFindings?: NoDuplicateFindingsOptions | false | undefined;
  readonly maxAssignmentSize?: MaxAssignmentSizeOptions | false | undefined;
  readonly requireFallbackRule?: RequireFallbackRuleOptions | false | undefined;
  readonly requireRuleNameAndNote?: RequireRuleNameAndNoteOptions | false | undefined;
  readonly noOverwriteOnProtected?: NoOverwriteOnProtectedOptions | false | undefined;
}

/**
 * The recommended set: all six policies. `allowedOwners` and `noOverwriteOnProtected` refuse nothing until
 * they are told, here or by the policy configuration, what is allowed and what is protected.
 * @throws pulumi.RunError for a name that no policy has, and for options that cannot be used
 */
export function findingsPolicies(
  options: FindingsPoliciesOptions = {},
): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const unknown = Object.keys(options).filter((name) => !FACTORIES.includes(name));
  if (unknown.length > 0) {
    const problems = unknown.map((name) => unknownName("policy", name, FACTORIES));
    throw plainError(`the options of findingsPolicies cannot be used: ${problems.join("; ")}`);
  }
  return [
    ...unlessFalse(allowedOwners, options.allowedOwners),
    ...unlessFalse(noDuplicateFindings, options.noDuplicateFindings),
    ...unlessFalse(maxAssignmentSize, options.maxAssignmentSize),
    ...unlessFalse(requireFallbackRule, options.requireFallbackRule),
    ...unlessFalse(requireRuleNameAndNote, options.requireRuleNameAndNote),
    ...unlessFalse(noOverwriteOnProtected, options.noOverwriteOnProtected),
  ];
}

const FACTORIES: readonly string[] = [
  "allowedOwners",
  "noDuplicateFindings",
  "maxAssignmentSize",
  "requireFallbackRule",
  "requireRuleNameAndNote",
  "noOverwriteOnProtected",
];

function unlessFalse<Options, P>(
  policy: (options?: Options) => P,
  options: Options | false | undefined,
): P[] {
  return options === false ? [] : [policy(options)];
}
