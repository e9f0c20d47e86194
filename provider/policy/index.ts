/** Policies as code for `@pulumi/policy`, which only a policy pack has to install. */
export { type AllowedOwnersOptions, allowedOwners } from "./allowedOwners";
export { type FindingsPoliciesOptions, findingsPolicies } from "./findingsPolicies";
export { type MaxAssignmentSizeOptions, maxAssignmentSize } from "./maxAssignmentSize";
export { type NoDuplicateFindingsOptions, noDuplicateFindings } from "./noDuplicateFindings";
export { type NoOverwriteOnProtectedOptions, noOverwriteOnProtected } from "./noOverwriteOnProtected";
export type { PolicyOptions } from "./policyOptions";
export { type RequireFallbackRuleOptions, requireFallbackRule } from "./requireFallbackRule";
export { type RequireRuleNameAndNoteOptions, requireRuleNameAndNote } from "./requireRuleNameAndNote";
