import { findingsOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import type { UserLabels } from "../messages/formerOwners";
import { firstTen } from "../messages/messages";
import type { ChangeReport } from "../transfer/assignFindings";
import { describeLeftAlone } from "./describePlan";
import type { OwnershipPlan } from "./plannedOwnership";

/**
 * What a deployment did: how many findings Datadog accepted for whom, what was left alone and whose that is,
 * how many failed.
 * @param reports of the rules, in their order
 */
export function describeResult(
  label: string,
  plan: OwnershipPlan,
  reports: readonly ChangeReport[],
  failures: number,
  users: UserLabels,
): string[] {
  const owners = reports.flatMap(({ done }, index) =>
    done.flatMap((id) => plan.rules[index]?.recipients.get(id) ?? []),
  );
  const shares = [...groupBy(owners, (userId) => userId)]
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([id, { length }]) => `${length.toLocaleString("en-US")} to ${users.label({ id })}`);
  const assigned = shares.length > 0 ? [`${findingsOf(owners.length)} assigned: ${firstTen(shares)}`] : [];
  const more = plan.rules.some((rule) => rule.more && rule.blocked.length > 0);
  const failed = failures > 0 ? [`${findingsOf(failures, more)} failed`] : [];
  const lines = [...assigned, ...failed, ...describeLeftAlone(plan, users)];
  return lines.map((line) => `${label}: ${line}`);
}
