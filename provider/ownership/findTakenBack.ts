import { groupBy } from "../core/groupBy";
import { SEARCH_LAG_MS } from "../core/ownerJudgement";
import type { OwnershipRule, OwnershipSpec } from "../rules/rule";
import type { OwnershipState } from "./ownershipState";
import { lastVersion } from "./ownershipState";
import type { PlannedRule, TakenBack } from "./plannedOwnership";

/**
 * What overwriting rules take back from others, who got it after the last deployment. A person may have given
 * it to them, or another stack, whose rules cannot be seen here. Who is an owner of these rules may have it
 * from that deployment itself: Datadog queues what it accepts, and lists hand over afterwards. Where Datadog
 * does not say since when others have it, they may have got it since, if the same rule overwrote then.
 */
export function findTakenBack(
  spec: OwnershipSpec,
  rules: readonly PlannedRule[],
  state: Pick<OwnershipState, "spec" | "results" | "assignedAt"> | undefined,
): TakenBack[] {
  const assignedAt = state?.assignedAt;
  if (!state || assignedAt === undefined) return [];
  const deployed = lastVersion(state).rules;
  const ours = new Set(deployed.flatMap(({ ownerIds }) => ownerIds));
  return rules.flatMap(({ name, pending }, index) => {
    if (!deployed.some((rule) => rule.name === name)) return [];
    const took = state.spec.rules.some((rule) => overwrites(rule, spec.rules[index]));
    const given = pending.flatMap(({ assignee }) => {
      if (!assignee) return [];
      const isOurs = ours.has(assignee.id);
      const { updatedAt } = assignee;
      if (updatedAt === undefined) return took && !isOurs ? [{ assignee, isKnown: false }] : [];
      const since = isOurs ? assignedAt + SEARCH_LAG_MS : assignedAt;
      return updatedAt > since ? [{ assignee, isKnown: true }] : [];
    });
    return [...groupBy(given, ({ assignee, isKnown }) => `${assignee.id} ${isKnown}`).values()].flatMap(
      (group) => {
        const [first] = group;
        if (!first) return [];
        const { assignee: owner, isKnown } = first;
        return [{ ruleName: name, owner, count: group.length, isKnown }];
      },
    );
  });
}

/** Whether a rule took the same findings from whoever had them. */
function overwrites(deployed: OwnershipRule, present: OwnershipRule | undefined): boolean {
  return deployed.overwrite && deployed.name === present?.name && deployed.query === present.query;
}
