import type { Finding } from "../datadog/model/findingsApi";
import type { OwnershipContext, OwnershipSpec } from "../rules/rule";
import type { Session } from "../session/session";
import { assignableByRule } from "./decideByRules";

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
 * What a rule takes of findings that the search still shows with the owner from whom this process has
 * released them, by the place of the rule, and as the search shows them. With nothing released no request,
 * otherwise one for each 100.
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
  const shown = [...findings.values()].filter(
    (finding) => finding.assignee !== null && isRecentlyReleased(session, finding),
  );
  return assignableByRule(session, spec, ownerIds, shown);
}
