import { without } from "../core/findingSet";
import type { AssignmentInputs } from "./assignmentInputs";
import type { AssignmentState } from "./assignmentState";

/** Declared findings that are not with their owner yet, as far as the state knows. */
export function findingsToAssign(
  { assignee, findingIds, missing }: AssignmentState,
  inputs: AssignmentInputs,
): readonly string[] {
  if (assignee.toLowerCase() !== inputs.assignee.toLowerCase()) return inputs.findingIds;
  return without(inputs.findingIds, inputs.onMissing === "ignore" ? [...findingIds, ...missing] : findingIds);
}
