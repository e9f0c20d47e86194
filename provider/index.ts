export type { FindingType } from "./core/ownership/findingTypes";
export type {
  DatadogTeam,
  DatadogUser,
  Finding,
  FindingProblem,
  TriageAssignee,
} from "./datadog/findingsApi";
export { FindingsAssignment, type FindingsAssignmentArgs } from "./findingsAssignment";
export {
  FindingsOwnership,
  type FindingsOwnershipArgs,
  type OwnershipFileOptions,
  type OwnershipRuleArgs,
  type WeightedOwnerArgs,
} from "./findingsOwnership";
export {
  type GetFindingsArgs,
  type GetFindingsOutputArgs,
  getFindings,
  getFindingsOutput,
} from "./functions/getFindings";
export {
  type GetOnCallArgs,
  type GetOnCallOutputArgs,
  getOnCall,
  getOnCallOutput,
  type OnCall,
} from "./functions/getOnCall";
export {
  type GetTeamArgs,
  type GetTeamOutputArgs,
  getTeam,
  getTeamOutput,
  type Team,
} from "./functions/getTeam";
export { type GetUserArgs, getUser, getUserOutput } from "./functions/getUser";
export type { RuleResult } from "./lifecycle/ownership/ownershipState";
