import { reportFailures } from "./assignmentError";
import { parseInputs } from "./assignmentInputs";
import { type AssignmentState, parseState, storeState } from "./assignmentState";
import { explainFailures } from "./messages";
import type { Session } from "./session";
import { settleAssignment } from "./settleAssignment";

/**
 * Sends the delta between what the state holds and what is declared: added ids are assigned, removed ids unassigned, a new
 * assignee takes the kept ones, failures are tried again.
 * @throws AssignmentError with the new state where some findings failed
 */
export async function updateAssignment(
  session: Session,
  id: string,
  olds: unknown,
  news: Readonly<Record<string, unknown>>,
): Promise<{ readonly outs: Record<string, unknown> }> {
  const inputs = parseInputs(news);
  const { state, failures, attempted, succeeded, ambiguous } = await settleAssignment(
    session,
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

function wantedOf({ failures, releasing, assignee }: AssignmentState): string {
  if (releasing.length === 0) return `assigned to ${assignee}`;
  return releasing.length === failures.length ? "unassigned" : `assigned to ${assignee}, or unassigned`;
}
