import type { FindingsApi } from "../datadog/model/findingsApi";
import { findingsWithIds } from "../query/findingQueries";
import type { Outcome } from "../rules/assignRules";
import { explainVerdict } from "../rules/explainVerdict";
import type { OwnershipContext, OwnershipSpec } from "../rules/rule";
import { decideByRules } from "../transfer/decideByRules";

export interface Explanation {
  /** undefined: the search knows no such finding. */
  readonly outcome: Outcome | undefined;
  /** One for the verdict, and one for each rule that was tried. */
  readonly sentences: readonly string[];
}

/**
 * Which rule owns a finding, and why. One request, and one for each query that it takes and that what the
 * search returns does not decide: free text, attributes that the package does not read.
 */
export async function explainFinding(
  api: FindingsApi,
  spec: OwnershipSpec,
  context: OwnershipContext,
  findingId: string,
): Promise<Explanation> {
  const { findings } = await api.search({ query: findingsWithIds([findingId]).text, limit: 1 });
  const finding = findings.find(({ id }) => id === findingId);
  if (!finding) {
    const sentence = `Datadog's search does not know the finding ${findingId}`;
    return { outcome: undefined, sentences: [sentence] };
  }
  const verdict = (await decideByRules({ api }, spec, context, [finding])).get(findingId);
  if (!verdict) throw new Error(`no verdict for ${findingId}`);
  const names = new Map(
    spec.rules.flatMap(({ assignee }, index) =>
      (context.ownerIds[index] ?? []).map((ownerId) => [ownerId, assignee] as const),
    ),
  );
  if (finding.assignee?.name !== undefined && !names.has(finding.assignee.id)) {
    names.set(finding.assignee.id, finding.assignee.name);
  }
  const sentences = explainVerdict(findingId, verdict, spec, (userId) => names.get(userId) ?? userId);
  return { outcome: verdict.outcome, sentences };
}
