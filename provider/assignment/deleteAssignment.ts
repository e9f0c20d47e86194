import { planAssignment } from "../core/assignmentPlan";
import { describeMoving } from "../messages/describeMoving";
import { explainFailures } from "../messages/messages";
import type { Session } from "../session/session";
import { releaseFindings } from "../transfer/releaseFindings";
import { acceptedAtOf, failedIn, holdingOf, ownersOf, parseState } from "./assignmentState";
import { describeChanges } from "./describeChanges";

/**
 * Unassigns what is still ours and declared by no other resource; one of the same name whose create comes
 * after the delete is no other one.
 * @throws Error where some could not be unassigned, or where another resource that declares some has not been
 * seen to have them
 * @throws OtherOrganisationError before anything is sent where the keys belong to another organisation
 */
export async function deleteAssignment(session: Session, resourceId: string, props: unknown): Promise<void> {
  const state = parseState(props);
  const label = state.resourceName ?? "FindingsAssignment";
  await session.account.verify(label, state.account, state.assigneeId, session.cancelled);
  const { release } = planAssignment(holdingOf(state), undefined);
  const { done, failed, ambiguous, moving, accepted } = await releaseFindings(session, {
    label,
    resourceId,
    deleted: state.resourceName,
    account: state.account,
    findingIds: release,
    ownersOf: ownersOf(state),
    acceptedAt: acceptedAtOf(state),
    failed: failedIn(state),
  });
  const changes = describeChanges(session, [], accepted.keys());
  if (changes !== undefined) session.print(`${label}: ${changes}`);
  const reasons =
    failed.length === 0
      ? []
      : explainFailures({
          failures: failed,
          wanted: "unassigned",
          succeeded: done.length,
          ambiguous: ambiguous.length,
          total: release.length,
          deleting: true,
        });
  if (moving.length > 0) reasons.push(describeMoving(label, moving));
  if (reasons.length > 0) throw new Error(reasons.join("\n"));
}
