import { assignByRules } from "../core/ownership/assignRules";
import { explainVerdict } from "../core/ownership/explainVerdict";
import { findingFacts } from "../core/ownership/findingFacts";
import type { OwnershipContext, OwnershipSpec } from "../core/ownership/rule";
import type { FindingsApi } from "../datadog/findingsApi";
import { findingIdsQuery } from "../datadog/query";

/** Which rule owns a finding, and why: a sentence for the verdict and one for each rule that was tried. One request. */
export async function explainFinding(
  api: FindingsApi,
  spec: OwnershipSpec,
  context: OwnershipContext,
  findingId: string,
): Promise<string[]> {
  const { findings } = await api.search({ query: findingIdsQuery([findingId]), limit: 1 });
  const finding = findings.find(({ id }) => id === findingId);
  if (!finding) return [`${findingId} is no finding that Datadog's search knows`];
  const verdict = assignByRules(spec, context)(findingFacts(finding));
  const names = new Map(spec.rules.map(({ assignee }, index) => [context.ownerIds[index] ?? "", assignee]));
  if (finding.assignee?.name !== undefined && !names.has(finding.assignee.id)) {
    names.set(finding.assignee.id, finding.assignee.name);
  }
  return explainVerdict(findingId, verdict, spec, (userId) => names.get(userId) ?? userId);
}
