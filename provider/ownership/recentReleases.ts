import type { Finding } from "../datadog/model/findingsApi";
import type { OwnershipContext, OwnershipSpec } from "../rules/rule";
import type { Session } from "../session/session";
import { assignableByRule } from "../transfer/decideByRules";

/**
 * Whether this process has released a finding although the search shows an owner: then that one has it from
 * before. Where that cannot be told apart from what a person did in the same second, it is the person's.
 */
export function isRecentlyReleased(session: Session, { id, assignee }: Finding): boolean {
  const change = session.accepted.last(id);
  if (!change || change.assigneeId !== null) return false;
  if (assignee === null) return true;
  return assignee.updatedAt !== undefined && assignee.updatedAt < change.acceptedAt;
}

/**
 * What a rule takes of findings that this process has released and the search still shows with an owner, by
 * the place of the rule, and as the search shows them. Where the search does not prove that this is the
 * former owner, a rule takes only what is shown with an owner of its own: giving it to that owner once more
 * takes nothing from anybody. With nothing released no request, otherwise one for each 100.
 */
export async function reclaimRecentReleases(
  session: Session,
  spec: OwnershipSpec,
  ownerIds: OwnershipContext["ownerIds"],
): Promise<ReadonlyMap<number, readonly Finding[]>> {
  const excluded = new Set(spec.exclude);
  const findingIds = session.accepted
    .givenTo(null)
    .filter((id) => !excluded.has(id) && !session.claims.has(id));
  if (findingIds.length === 0) return new Map();
  const { findings } = await session.owners.lookUp(findingIds);
  const shown = [...findings.values()].filter(({ assignee }) => assignee !== null);
  const byRule = await assignableByRule(session, spec, ownerIds, shown);
  const mayTake = (finding: Finding, index: number) =>
    isRecentlyReleased(session, finding) || ownerIds[index]?.includes(finding.assignee?.id ?? "") === true;
  return new Map(
    [...byRule].map(([index, taken]) => [index, taken.filter((finding) => mayTake(finding, index))]),
  );
}
