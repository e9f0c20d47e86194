import { count, findingsOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import type { Finding } from "../datadog/model/findingsApi";
import { firstTen } from "../messages/messages";
import type { OwnershipSpec } from "../rules/rule";
import { describeTransfer } from "../transfer/describeTransfer";
import type {
  DeclaredElsewhere,
  Leftover,
  OwnershipPlan,
  PlannedRule,
  TakenBack,
  Tally,
} from "./plannedOwnership";
import { SEARCH_TRUST_MS } from "./searchLag";

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
    ...plan.incoming.map(
      ({ ruleName, findings }) =>
        `  ${ruleName}: ${findingsOf(findings.length)} ${findings.length === 1 ? "comes" : "come"} from a FindingsAssignment`,
    ),
    ...plan.takenBack.map(describeTakenBack),
    ...plan.rules.flatMap(describeBlocked),
    ...plan.leftovers.map((leftover) => `  ${describeLeftover(leftover, spec.releaseRemoved)}`),
    ...plan.outgoing.map((each) => `  ${describeTransfer(each.successor, each.count)}`),
    ...(plan.unseen === undefined
      ? []
      : [`  warning: ${describeLag(plan.unseen)}: a later deployment finds what no rule claims any more`]),
    ...(plan.leftAlone.count > 0 ? [`  ${tally(plan.leftAlone)} left alone, owned by others`] : []),
    ...describeElsewhere(plan.elsewhere).map((line) => `  ${line}`),
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
    `refused, as more than maxChanges: ${tally(total)} findings would change, and maxChanges is ${count(spec.maxChanges ?? 0)}; ` +
    "nothing is sent: narrow the rules, or raise maxChanges if that is what you want"
  );
}

export function tally({ count: counted, more }: Tally): string {
  return more ? `more than ${count(counted)}` : count(counted);
}

/** Why the search may not be complete. */
export function describeLag(ageMs: number): string {
  const left = Math.ceil((SEARCH_TRUST_MS - ageMs) / 1_000);
  return `these rules assigned findings ${Math.round(ageMs / 1_000)} s ago, and for another ${left} s the search may not show it`;
}

function describeLeftover({ owner, findings, more }: Leftover, releaseRemoved: boolean): string {
  const held = findingsOf(findings.length, more);
  const name = owner.name ?? owner.id;
  const them = findings.length === 1 ? "it" : "them";
  return releaseRemoved
    ? `${held} to release from ${name}: no rule claims ${them} any more`
    : `${held} ${findings.length === 1 ? "stays" : "stay"} with ${name}, though no rule claims ${them} any more: ` +
        `releaseRemoved: true releases ${them}`;
}

function describeTakenBack({ ruleName, owner, count: number }: TakenBack): string {
  const [were, them] = number === 1 ? ["was", "it"] : ["were", "them"];
  return (
    `  ${findingsOf(number)} of rule "${ruleName}" ${were} given to ${owner} since the last deployment: by a person, or by ` +
    `another stack; this deployment takes ${them} back`
  );
}

function describeBlocked({ blocked, more }: PlannedRule): string[] {
  return [...groupBy(blocked, ({ detail }) => detail)].map(
    ([reason, { length }]) => `  ${findingsOf(length, more)} will fail: ${reason}`,
  );
}

/** What FindingsAssignments declare, a line for each rule and FindingsAssignment. */
export function describeElsewhere(elsewhere: readonly DeclaredElsewhere[]): string[] {
  const groups = new Map<string, DeclaredElsewhere[]>();
  for (const each of elsewhere) {
    const key = JSON.stringify([each.ruleName, each.resourceName]);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (!first) return [];
    const ids = [first, ...rest].map(({ findingId }) => findingId);
    const resource = first.resourceName === undefined ? "" : ` "${first.resourceName}"`;
    return [
      `${count(ids.length)} findings of rule "${first.ruleName}" left alone, as the FindingsAssignment${resource} declares them ` +
        `for somebody else: name them in exclude: ${firstTen(ids)}`,
    ];
  });
}

function describeRule({ name, assignee, pending, more }: PlannedRule): string[] {
  const shown = pending.slice(0, EXAMPLES).map(({ id, title }) => `    ${id}  ${title ?? ""}`.trimEnd());
  const rest = pending.length - shown.length;
  const counted = tally({ count: pending.length, more });
  return [
    `  ${name} -> ${assignee}: ${counted} findings, ${formerOwners(pending)}${more ? ", the rest not counted" : ""}`,
    ...shown,
    ...(rest > 0 ? [`    and ${count(rest)} more${more ? ", and those that are not counted" : ""}`] : []),
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
