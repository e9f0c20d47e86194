import { planAssignment } from "../core/assignmentPlan";
import { acceptedAtOf, holdingOf, parseState } from "./assignmentState";
import { explainFailures } from "./messages";
import { releaseFindings } from "./releaseFindings";
import type { Session } from "./session";
import { ownersOf } from "./settleAssignment";

/** Unassigns what is still ours and claimed by no other resource. @throws Error where some could not be unassigned */
export async function deleteAssignment(session: Session, props: unknown): Promise<void> {
  const state = parseState(props);
  const { release } = planAssignment(holdingOf(state), undefined);
  const { done, failed, ambiguous } = await releaseFindings(session, {
    label: state.resourceName ?? "FindingsAssignment",
    findingIds: release,
    assigneeIds: ownersOf(state),
    acceptedAt: acceptedAtOf(state),
  });
  if (failed.length === 0) return;
  const reasons = explainFailures({
    failures: failed,
    wanted: "unassigned",
    succeeded: done.length,
    ambiguous: ambiguous.length,
    total: release.length,
    deleting: true,
  });
  throw new Error(reasons.join("\n"));
}
