import { reportFailures } from "../engine/assignmentError";
import type { Session } from "../session/session";
import { applyAssignment } from "./applyAssignment";
import { parseInputs } from "./assignmentInputs";
import { storeState } from "./assignmentState";

export interface CreateResult {
  readonly id: string;
  readonly outs: Record<string, unknown>;
}

/**
 * Assigns the declared findings. Where some fail, the resource is kept with what succeeded; where nothing can
 * have been changed, no resource is left behind.
 * @throws AssignmentError, or a plain Error without an id where the engine is to keep nothing
 */
export async function createAssignment(
  session: Session,
  news: Readonly<Record<string, unknown>>,
): Promise<CreateResult> {
  const inputs = parseInputs(news);
  // Its check has claimed them, but a delete of what it replaces may have come since.
  session.claims.declare(inputs.findingIds, inputs.assignee, inputs.resourceName);
  const id = session.uuid();
  const { state, reasons, changed } = await applyAssignment(session, id, undefined, inputs);
  const outs = storeState(state);
  if (reasons.length === 0) return { id, outs };
  if (!changed) throw new Error(reasons.join("\n"));
  const properties = { ...outs, __provider: news.__provider };
  return { id, outs: reportFailures(session, { id, reasons, properties }) };
}
