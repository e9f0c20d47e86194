import type { OwnershipSpec } from "../../core/ownership/rule";
import type { Finding } from "../../datadog/findingsApi";
import { count } from "../progress";
import type { OwnershipPlan, PlannedRule, Tally } from "./ownershipPlan";

const EXAMPLES = 3;

/** The plan as a person reviews it: a line for each rule with something to do, and what is left alone. */
export function describePlan(label: string, spec: OwnershipSpec, plan: OwnershipPlan): string[] {
  const bound = spec.maxChanges === undefined ? "" : `, of at most ${count(spec.maxChanges)}`;
  const busy = plan.rules.filter(({ pending }) => pending.length > 0);
  const idle = plan.rules.length - busy.length;
  return [
    `${label}: ${tally(plan.total)} findings to change by ${plan.rules.length} rules${bound}`,
    ...busy.flatMap(describeRule),
    ...(busy.length > 0 && idle > 0 ? [`  ${idle} rules have nothing to do`] : []),
    ...plan.releases
      .filter(({ findings }) => findings.length > 0)
      .map(({ name, findings }) => `  ${name} (removed): ${count(findings.length)} findings to release`),
    ...(plan.leftAlone.count > 0 ? [`  ${tally(plan.leftAlone)} left alone, owned by others`] : []),
    ...(plan.unclaimed.count > 0 ? [`  ${tally(plan.unclaimed)} stay unowned: no rule claims them`] : []),
    ...(exceeds(spec, plan) ? [`  ${refusal(spec, plan)}`] : []),
  ];
}

/** Whether the plan changes more than is allowed. */
export function exceeds(spec: OwnershipSpec, plan: OwnershipPlan): boolean {
  return spec.maxChanges !== undefined && (plan.total.more || plan.total.count > spec.maxChanges);
}

export function refusal(spec: OwnershipSpec, { total }: OwnershipPlan): string {
  return (
    `refused: ${tally(total)} findings would change, and maxChanges is ${count(spec.maxChanges ?? 0)}; ` +
    "nothing is sent: narrow the rules, or raise maxChanges if that is what you want"
  );
}

export function tally({ count: counted, more }: Tally): string {
  return more ? `more than ${count(counted)}` : count(counted);
}

function describeRule({ name, assignee, pending }: PlannedRule): string[] {
  const shown = pending.slice(0, EXAMPLES).map(({ id, title }) => `    ${id}  ${title ?? ""}`.trimEnd());
  const rest = pending.length - shown.length;
  return [
    `  ${name} -> ${assignee}: ${count(pending.length)} findings, ${formerOwners(pending)}`,
    ...shown,
    ...(rest > 0 ? [`    and ${count(rest)} more`] : []),
  ];
}

/** `12 from nobody, 2 from Sam Somebody` */
function formerOwners(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { assignee } of findings) {
    const name = assignee === null ? "nobody" : (assignee.name ?? assignee.id);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, number]) => `${count(number)} from ${name}`).join(", ");
}
