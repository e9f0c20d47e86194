import { countOf } from "../core/count";
import type { Finding } from "../datadog/model/findingsApi";
import { formerOwners, type UserLabels } from "./formerOwners";
import { firstIds } from "./messages";

/**
 * `2 other findings change owner through shared tickets, 2 from Ada Moreau: id1, id2`; none where there are
 * none.
 * @param findings that nobody names, and that get another owner since a finding of their ticket does
 */
export function describeFollowing(findings: readonly Finding[], users: UserLabels): string[] {
  if (findings.length === 0) return [];
  const change =
    findings.length === 1 ? "changes owner through a shared ticket" : "change owner through shared tickets";
  const ids = findings.map(({ id }) => id);
  return [
    `${countOf(findings, "other finding")} ${change}, ${formerOwners(findings, users)}: ${firstIds(ids)}`,
  ];
}
