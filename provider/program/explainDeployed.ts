import { deployedBy, lastVersion, parseOwnershipState } from "../ownership/ownershipState";
import { explainFinding } from "./explainFinding";
import { programApi } from "./programApi";

/**
 * Which rule of a deployed ownership owns a finding, and why, in sentences, a line each.
 * @param stored its inputs and its output `results`
 */
export async function explainDeployed(stored: unknown, findingId: string): Promise<string> {
  const state = parseOwnershipState(stored);
  const ownerIds = lastVersion(state).rules.map((rule) => rule.ownerIds);
  const context = { ownerIds, deployed: deployedBy(state) };
  const { sentences } = await explainFinding(programApi(), state.spec, context, findingId);
  return sentences.join("\n");
}
