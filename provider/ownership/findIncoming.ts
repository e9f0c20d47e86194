import type { Finding } from "../datadog/model/findingsApi";
import type { OwnershipContext } from "../rules/rule";
import { isSameDeclaration, labelOf } from "../session/declaredOwnerships";
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
  const released = session.shared
    .get(ownershipPlans)
    .made.filter((made) => made.inputs.spec.releaseRemoved && !isSameDeclaration(made.inputs, inputs))
    .flatMap(({ plan, inputs: former }) =>
      plan.leftovers.flatMap(({ findings }) =>
        findings.map((finding) => ({ finding, label: labelOf(former) })),
      ),
    );
  const coming = [...(await findLeaving(session, isOpen)), ...released].filter(({ finding }) =>
    isOpen(finding.id),
  );
  const labels = new Map(coming.map(({ finding, label }) => [finding.id, label]));
  const found = coming.map(({ finding }) => finding);
  const byRule = await assignableByRule(session, spec, ownerIds, found);
  return [...byRule].map(([index, taken]) => {
    const owners = ownerIds[index] ?? [];
    const moving = taken.filter(({ assignee }) => !owners.includes(assignee?.id ?? ""));
    const { findings } = search.add(moving, false);
    const from = taken.map(({ id }) => ({ findingId: id, label: labels.get(id) ?? "" }));
    return { ruleName: spec.rules[index]?.name ?? "", findings, from };
  });
}

/** What leaves lists and would be released by them. */
async function findLeaving(
  { leaving, owners }: Session,
  isOpen: (findingId: string) => boolean,
): Promise<{ readonly finding: Finding; readonly label: string }[]> {
  const listed = [...leaving.keys()].filter(isOpen);
  if (listed.length === 0) return [];
  const { findings, answeredAt } = await owners.lookUp(listed);
  return [...findings.values()].flatMap((finding) => {
    const known = leaving.get(finding.id);
    return known?.isOurs(finding, answeredAt) ? [{ finding, label: known.label }] : [];
  });
}
