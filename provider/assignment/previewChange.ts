import { containsUnknown } from "../engine/unknown";
import type { Session } from "../session/session";
import { parseInputs } from "./assignmentInputs";
import { parseState } from "./assignmentState";
import { findingsToAssign } from "./findingsToAssign";
import { previewCheck, previewOwners } from "./previewAssignment";

type Props = Readonly<Record<string, unknown>>;

/**
 * What a preview asks Datadog where the engine says of a create or update that it is a preview's, as it says
 * to the plugin. The dynamic provider is told by the program, and asks in check and diff.
 * @param olds the outputs of the last deployment; undefined: there was none
 * @throws Error where a new owner is unknown or disabled
 */
export async function previewChange(session: Session, olds: Props | undefined, news: Props): Promise<void> {
  const preview = session.ofPreview();
  const { failures } = await previewCheck(preview, olds ?? {}, { inputs: { ...news }, failures: [] });
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
  if (!olds || containsUnknown([news.findingIds, news.assignee, news.onMissing])) return;
  const [state, inputs] = [parseState(olds), parseInputs(news)];
  await previewOwners(preview, inputs, findingsToAssign(state, inputs), state.findingIds);
}
