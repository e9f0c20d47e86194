export type { FindingProblem } from "./datadog/findingsApi";
export { FindingsAssignment, type FindingsAssignmentArgs } from "./findingsAssignment";
