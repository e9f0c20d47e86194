import { count, findingsOf } from "../core/count";
import type { CheckFailure } from "../engine/checkFailures";
import type { Session } from "../session/session";
import type { OwnershipInputs } from "./ownershipInputs";
import type { OwnershipPlan } from "./plannedOwnership";
import { RuleError } from "./ruleError";

/**
 * Refuses a plan that changes more findings than the rules allow.
 * @throws RuleError that names `maxChanges` or `maxChangesPerOwner`
 */
export function refuseTooMany(
  { users }: Pick<Session, "users">,
  { spec: { maxChanges, maxChangesPerOwner } }: OwnershipInputs,
  { total, byOwner }: OwnershipPlan,
): void {
  const failures: CheckFailure[] = [];
  if (maxChanges !== undefined && (total.more || total.count > maxChanges)) {
    const change = `${findingsOf(total.count, total.more)} would change`;
    failures.push(refusal("maxChanges", maxChanges, change));
  }
  if (maxChangesPerOwner !== undefined) {
    for (const [id, number] of byOwner) {
      if (number <= maxChangesPerOwner) continue;
      const change = `${findingsOf(number, total.more)} would go to ${users.label({ id })}`;
      failures.push(refusal("maxChangesPerOwner", maxChangesPerOwner, change));
    }
  }
  if (failures.length > 0) throw new RuleError(failures);
}

function refusal(property: string, bound: number, change: string): CheckFailure {
  const reason =
    `refused: ${change}, but ${property} is ${count(bound)}; ` +
    `nothing is sent: narrow the rules, or raise ${property} if that is what you want`;
  return { property, reason };
}
