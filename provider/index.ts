export type { FindingType } from "./core/ownership/findingTypes";
export type {
  DatadogTeam,
  DatadogUser,
  Finding,
  FindingProblem,
  Ticket,
  TriageAssignee,
} from "./datadog/findingsApi";
export { FindingsAssignment, type FindingsAssignmentArgs } from "./findingsAssignment";
export {
  FindingsOwnership,
  type FindingsOwnershipArgs,
  type NamedOwnershipFileOptions,
  type OwnershipFileOptions,
  type OwnershipRule,
  type OwnershipRuleArgs,
  type RuleResult,
  type WeightedOwner,
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
export { type GetUserArgs, type GetUserOutputArgs, getUser, getUserOutput } from "./functions/getUser";
