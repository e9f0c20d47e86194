import type { FindingsApi } from "../datadog/findingsApi";
import { explainFinding } from "../functions/explainFinding";
import { loadRules } from "./loadRules";

/** Which rule of the file owns a finding, and why. */
export async function explain(api: FindingsApi, file: string, findingId: string): Promise<string> {
  const { spec, context } = await loadRules(api, file);
  return (await explainFinding(api, spec, context, findingId)).join("\n");
}
