export type {
  DatadogTeam,
  DatadogUser,
  Finding,
  FindingProblem,
  Ticket,
  TriageAssignee,
} from "./datadog/model/findingsApi";
export { FindingsAssignment, type FindingsAssignmentArgs } from "./program/findingsAssignment";
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
} from "./program/findingsOwnership";
export {
  type GetFindingsArgs,
  type GetFindingsOutputArgs,
  getFindings,
  getFindingsOutput,
} from "./program/getFindings";
export {
  type GetOnCallArgs,
  type GetOnCallOutputArgs,
  getOnCall,
  getOnCallOutput,
} from "./program/getOnCall";
export {
  type GetTeamArgs,
  type GetTeamOutputArgs,
  getTeam,
  getTeamOutput,
} from "./program/getTeam";
export { type GetUserArgs, type GetUserOutputArgs, getUser, getUserOutput } from "./program/getUser";
export type { OnCall, Team } from "./program/teamUsers";
export type { FindingType } from "./rules/findingTypes";
