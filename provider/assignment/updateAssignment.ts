import { reportFailures } from "../engine/assignmentError";
import { explainFailures } from "../messages/messages";
import type { Session } from "../session/session";
import { applyAssignment } from "./applyAssignment";
import { parseInputs } from "./assignmentInputs";
import { type AssignmentState, parseState, storeState } from "./assignmentState";

/**
 * Sends the delta between what the state holds and what is declared: added ids are assigned, removed ids
 * unassigned, a new assignee takes the kept ones, failures are tried again.
 * @throws AssignmentError with the new state where some findings failed
 */
export async function updateAssignment(
  session: Session,
  id: string,
  olds: unknown,
  news: Readonly<Record<string, unknown>>,
): Promise<{ readonly outs: Record<string, unknown> }> {
  const inputs = parseInputs(news);
  const { state, failures, attempted, succeeded, ambiguous } = await applyAssignment(
    session,
    id,
    parseState(olds),
    inputs,
  );
  const outs = storeState(state);
  if (failures.length === 0) return { outs };
  const reasons = explainFailures({
    failures,
    succeeded,
    ambiguous,
    total: attempted,
    wanted: wantedOf(state),
  });
  const properties = { ...outs, __provider: news.__provider };
  return { outs: reportFailures(session, { id, reasons, properties }) };
}

function wantedOf({ failures, pendingReleases, assignee }: AssignmentState): string {
  const releases = new Set(pendingReleases);
  const failed = failures.filter(({ findingId }) => releases.has(findingId));
  if (failed.length === 0) return `assigned to ${assignee}`;
  return failed.length === failures.length ? "unassigned" : `assigned to ${assignee}, or unassigned`;
}
