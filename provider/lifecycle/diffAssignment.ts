import { common, without } from "../core/findingSet";
import { parseInputs } from "./assignmentInputs";
import { parseState } from "./assignmentState";
import { claimFindings } from "./declaredTwice";
import { lostFindings } from "./lostFindings";
import type { Session } from "./session";
import { containsUnknown } from "./unknown";

export interface DiffResult {
  readonly changes: boolean;
}

/**
 * Taken over the set of findings: changed only if an id was added or removed, the assignee changed, or an earlier failure is
 * still open; or if a declared finding was released for another resource since by this process. Never a replacement.
 * @throws Error where another resource has claimed a declared finding for another user
 */
export function diffAssignment(
  session: Pick<Session, "releaseAttempts" | "accepted" | "claims">,
  olds: unknown,
  news: Readonly<Record<string, unknown>>,
): DiffResult {
  if (containsUnknown([news.findingIds, news.assignee, news.onMissing])) return { changes: true };
  const state = parseState(olds);
  const inputs = parseInputs(news);
  const sameAssignee = state.assignee.toLowerCase() === inputs.assignee.toLowerCase();
  if (sameAssignee) claimFindings(session, inputs, state.assigneeId);
  const settled = inputs.onMissing === "ignore" ? [...state.findingIds, ...state.missing] : state.findingIds;
  return {
    changes:
      state.failures.length > 0 ||
      common(inputs.findingIds, lostFindings(session, state)).length > 0 ||
      !sameAssignee ||
      state.onMissing !== inputs.onMissing ||
      without(inputs.findingIds, settled).length > 0 ||
      without([...state.findingIds, ...state.missing], inputs.findingIds).length > 0,
  };
}
