import type { FindingsApi } from "../datadog/findingsApi";
import { explainFinding } from "../functions/explainFinding";
import { loadRules } from "./loadRules";
import type { Terminal } from "./terminal";

const NO_STATE =
  "This command does not know the state: if an earlier deployment of these rules gave the finding to its present owner, the " +
  "next one hands it over. `explain` of the resource in the program knows.";

/** Prints which rule of the file owns a finding, and why. @returns the exit code: 1 for a finding that is not known */
export async function explain(
  api: FindingsApi,
  file: string,
  findingId: string,
  { today, print, complain }: Pick<Terminal, "today" | "print" | "complain">,
): Promise<number> {
  const { spec, context } = await loadRules(api, file, today);
  const { outcome, sentences } = await explainFinding(api, spec, context, findingId);
  const text = sentences.join("\n");
  if (outcome === undefined) {
    complain(text);
    return 1;
  }
  print(outcome === "leftAlone" ? `${text}\n${NO_STATE}` : text);
  return 0;
}
