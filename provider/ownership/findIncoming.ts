import type { OwnershipContext, OwnershipSpec } from "../rules/rule";
import type { Session } from "../session/session";
import { assignableByRule } from "../transfer/decideByRules";
import type { Incoming } from "./plannedOwnership";
import type { PlanSearch } from "./planSearch";

/**
 * What goes over to these rules in the same deployment, from lists of FindingsAssignments that get shorter: as far as these have
 * been compared by now. The assignment releases it and assigns it; here it is shown and counted. With no such list no request,
 * otherwise one for each 100 findings. Of a FindingsAssignment that is deleted nobody knows before the engine deletes it.
 */
export async function findIncoming(
  session: Session,
  search: PlanSearch,
  spec: OwnershipSpec,
  ownerIds: OwnershipContext["ownerIds"],
): Promise<Incoming[]> {
  const excluded = new Set(spec.exclude);
  const leaving = [...session.leaving].filter(
    (id) => !excluded.has(id) && !session.claims.has(id) && !search.changing.has(id),
  );
  if (leaving.length === 0) return [];
  const { findings } = await session.owners.lookUp(leaving);
  const byRule = await assignableByRule(session, spec, ownerIds, [...findings.values()]);
  return [...byRule].flatMap(([index, taken]) => {
    const owners = ownerIds[index] ?? [];
    const moving = taken.filter(({ assignee }) => !owners.includes(assignee?.id ?? ""));
    const { findings: counted } = search.add(moving, false);
    const ruleName = spec.rules[index]?.name ?? "";
    return counted.length > 0 ? [{ ruleName, findings: counted }] : [];
  });
}
