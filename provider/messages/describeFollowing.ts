import { countOf } from "../core/count";
import type { Finding } from "../datadog/model/findingsApi";
import { formerOwners, type UserLabels } from "./formerOwners";
import { firstIds } from "./messages";

/**
 * `2 findings follow through shared tickets, 2 from Ada Moreau: id1, id2`; none where there are none.
 * @param findings that nobody names, and that get another owner since a finding of their ticket does
 */
export function describeFollowing(findings: readonly Finding[], users: UserLabels): string[] {
  if (findings.length === 0) return [];
  const follow = findings.length === 1 ? "follows through a shared ticket" : "follow through shared tickets";
  const ids = findings.map(({ id }) => id);
  return [`${countOf(findings, "finding")} ${follow}, ${formerOwners(findings, users)}: ${firstIds(ids)}`];
}
