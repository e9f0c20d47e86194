import { groupBy } from "../core/groupBy";
import { SEARCH_LAG_MS } from "../core/ownerJudgement";
import type { OwnershipState } from "./ownershipState";
import { lastVersion } from "./ownershipState";
import type { PlannedRule, TakenBack } from "./plannedOwnership";

/**
 * What overwriting rules take back from others, who got it after the last deployment. A person may have given
 * it to them, or another stack, whose rules cannot be seen here. Who is an owner of these rules may have it
 * from that deployment itself: Datadog queues what it accepts, and lists hand over afterwards.
 */
export function findTakenBack(
  rules: readonly PlannedRule[],
  state: Pick<OwnershipState, "spec" | "results" | "assignedAt"> | undefined,
): TakenBack[] {
  const assignedAt = state?.assignedAt;
  if (!state || assignedAt === undefined) return [];
  const deployed = lastVersion(state).rules;
  const ours = new Set(deployed.flatMap(({ ownerIds }) => ownerIds));
  return rules.flatMap(({ name, pending }) => {
    if (!deployed.some((rule) => rule.name === name)) return [];
    const given = pending.flatMap(({ assignee }) => {
      const since = assignee && ours.has(assignee.id) ? assignedAt + SEARCH_LAG_MS : assignedAt;
      return assignee && (assignee.updatedAt ?? 0) > since ? [assignee] : [];
    });
    return [...groupBy(given, ({ id }) => id)].map(([id, group]) => ({
      ruleName: name,
      owner: group[0] ?? { id },
      count: group.length,
    }));
  });
}
