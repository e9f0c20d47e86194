import { groupBy } from "../core/groupBy";
import type { OwnershipState } from "./ownershipState";
import { lastVersion } from "./ownershipState";
import type { PlannedRule, TakenBack } from "./plannedOwnership";

/**
 * What overwriting rules take from others than those to whom the last deployment gave anything, and what
 * those got after it. A person may have given it to them, or another stack, whose rules cannot be seen here.
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
    const given = pending.flatMap(({ assignee }) =>
      assignee && !ours.has(assignee.id) && (assignee.updatedAt ?? 0) > assignedAt ? [assignee] : [],
    );
    return [...groupBy(given, ({ id }) => id)].map(([id, group]) => ({
      ruleName: name,
      owner: group[0] ?? { id },
      count: group.length,
    }));
  });
}
