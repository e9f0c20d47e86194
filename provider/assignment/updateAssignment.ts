import { reportFailures } from "../engine/assignmentError";
import type { Session } from "../session/session";
import { applyAssignment } from "./applyAssignment";
import { parseInputs } from "./assignmentInputs";
import { parseState, storeState } from "./assignmentState";

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
  const { state, reasons } = await applyAssignment(session, id, parseState(olds), inputs);
  const outs = storeState(state);
  if (reasons.length === 0) return { outs };
  const properties = { ...outs, __provider: news.__provider };
  return { outs: reportFailures(session, { id, reasons, properties }) };
}
