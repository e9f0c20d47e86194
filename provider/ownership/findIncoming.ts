import type { OwnershipContext } from "../rules/rule";
import { isSameDeclaration } from "../session/declaredOwnerships";
import type { Session } from "../session/session";
import { assignableByRule } from "../transfer/decideByRules";
import type { OwnershipInputs } from "./ownershipInputs";
import { ownershipPlans } from "./ownershipPlans";
import type { Incoming } from "./plannedOwnership";
import type { PlanSearch } from "./planSearch";

/**
 * What goes over to these rules in the same deployment, from resources that release it: lists of
 * FindingsAssignments that get shorter and rules that release, as far as these have been compared by now.
 * They assign it; here it is shown and counted. One request for each 100 findings that leave lists, none
 * otherwise. Of a resource that is deleted nobody knows before the engine deletes it.
 */
export async function findIncoming(
  session: Session,
  search: PlanSearch,
  { inputs, ownerIds }: { readonly inputs: OwnershipInputs; readonly ownerIds: OwnershipContext["ownerIds"] },
): Promise<Incoming[]> {
  const { spec } = inputs;
  const excluded = new Set(spec.exclude);
  const isOpen = (id: string) => !excluded.has(id) && !session.claims.has(id) && !search.changing.has(id);
  const listed = [...session.leaving].filter(isOpen);
  const shown = listed.length > 0 ? (await session.owners.lookUp(listed)).findings.values() : [];
  const released = session.shared
    .get(ownershipPlans)
    .made.filter((made) => made.inputs.spec.releaseRemoved && !isSameDeclaration(made.inputs, inputs))
    .flatMap(({ plan }) => plan.leftovers.flatMap(({ findings }) => findings))
    .filter(({ id }) => isOpen(id));
  const byRule = await assignableByRule(session, spec, ownerIds, [...shown, ...released]);
  return [...byRule].flatMap(([index, taken]) => {
    const owners = ownerIds[index] ?? [];
    const moving = taken.filter(({ assignee }) => !owners.includes(assignee?.id ?? ""));
    const { findings } = search.add(moving, false);
    return findings.length > 0 ? [{ ruleName: spec.rules[index]?.name ?? "", findings }] : [];
  });
}
