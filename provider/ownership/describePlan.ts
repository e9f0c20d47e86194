import { count, countOf, findingsOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import { describeFollowing } from "../messages/describeFollowing";
import { formerOwners, type UserLabels } from "../messages/formerOwners";
import { firstIds, firstTen } from "../messages/messages";
import type { OwnershipSpec } from "../rules/rule";
import { describeStrays } from "./describeStrays";
import type {
  DeclaredElsewhere,
  KeptFindings,
  Leftover,
  OwnershipPlan,
  PlannedRule,
  TakenBack,
  Tally,
  TicketOfAnother,
} from "./plannedOwnership";
import { SEARCH_TRUST_MS } from "./searchLag";

const EXAMPLES = 3;

/** The plan as a person reviews it: a line for each rule with something to do, and what is left alone. */
export function describePlan(
  label: string,
  spec: OwnershipSpec,
  plan: OwnershipPlan,
  users: UserLabels,
): string[] {
  const bound = spec.maxChanges === undefined ? "" : `, of at most ${count(spec.maxChanges)}`;
  const busy = plan.rules.filter(({ pending }) => pending.length > 0);
  const idle = plan.rules.filter(({ pending, blocked }) => pending.length + blocked.length === 0);
  return [
    `${label}: ${findingsOf(plan.own, plan.total.more)} to change by ${countOf(plan.rules, "rule")}${bound}`,
    ...busy.flatMap((rule) => describeRule(rule, users)),
    ...(busy.length > 0 && idle.length > 0
      ? [`  ${countOf(idle, "rule")} ${idle.length === 1 ? "has" : "have"} nothing to do`]
      : []),
    ...plan.kept.map((each) => describeKept(each, users)),
    ...plan.takenBack.map((each) => describeTakenBack(each, users)),
    ...plan.rules.flatMap(describeBlocked),
    ...describeLeftovers(spec, plan, users).map((line) => `  ${line}`),
    ...describeStrays(plan.strays, users).map((line) => `  ${line}`),
    ...plan.idle.map((message) => `  warning: ${message}`),
    ...describeLeftAlone(plan, users).map((line) => `  ${line}`),
    ...describeLag(plan, spec).map((line) => `  ${line}`),
    ...describeTicketsOfOthers(plan.ticketsOfOthers, users).map((line) => `  ${line}`),
    ...describeFollowing(plan.following, users).map((line) => `  ${line}`),
    ...describeElsewhere(plan.elsewhere).map((line) => `  ${line}`),
    ...(plan.unclaimed.count > 0 ? [`  ${describeUnclaimed(plan.unclaimed)}`] : []),
  ];
}

/** What a refresh says of a plan: how many findings are not as the rules of the last deployment say. */
export function describeDrift(label: string, { own, total }: Pick<OwnershipPlan, "own" | "total">): string[] {
  if (own === 0) return [];
  const are = own === 1 && !total.more ? "is" : "are";
  return [
    `${label}: refresh: ${findingsOf(own, total.more)} ${are} not as the rules of the last deployment say; pulumi up shows the plan`,
  ];
}

/**
 * `12 findings left alone, owned by others: 10 by Ada Moreau <ada@example.com>, 2 by Sam Somebody`; shortly
 * after an assignment it is not known whether they are.
 */
export function describeLeftAlone(
  { leftAlone: { findings, ...all }, lag }: Pick<OwnershipPlan, "leftAlone" | "lag">,
  users: UserLabels,
): string[] {
  if (all.count === 0) return [];
  const byOwner = groupBy(findings, ({ assignee }) => assignee?.id);
  const [why, by] =
    lag === undefined ? ["owned by others", "by"] : ["as the search shows them with other owners", "with"];
  const owners = [...byOwner.values()]
    .sort((one, other) => other.length - one.length)
    .flatMap((group) => {
      const owner = group[0]?.assignee;
      return owner ? [`${count(group.length)} ${by} ${users.label(owner)}`] : [];
    });
  const of = all.more ? `of the first ${count(all.count)}, ` : "";
  return [`${findingsOf(all.count, all.more)} left alone, ${why}: ${of}${firstTen(owners)}`];
}

function findingsIn({ count: counted, more }: Tally): string {
  return findingsOf(counted, more);
}

function describeUnclaimed(unclaimed: Tally): string {
  const isOne = unclaimed.count === 1 && !unclaimed.more;
  return `${findingsIn(unclaimed)} ${isOne ? "stays" : "stay"} unowned: no rule claims ${isOne ? "it" : "them"}`;
}

/** That the search may be behind, and a warning where this deployment may leave something undone for it. */
function describeLag(
  { unseen, lag }: Pick<OwnershipPlan, "unseen" | "lag">,
  { releaseRemoved }: OwnershipSpec,
): string[] {
  const ageMs = unseen ?? lag;
  if (ageMs === undefined) return [];
  const behind = `the search may not show yet what these rules assigned ${Math.round(ageMs / 1_000)} s ago`;
  if (lag === undefined && !releaseRemoved) return [behind];
  const left = countOf(Math.ceil((SEARCH_TRUST_MS - ageMs) / 60_000), "minute");
  return [`warning: ${behind}, so this plan may lack findings; a pulumi up after ${left} finds them`];
}

/**
 * What no rule claims any more. Findings that were excluded since do not stay with their owners if a list
 * takes them, and one may be compared later: so of these is said only what these rules do.
 */
function describeLeftovers(
  { releaseRemoved, exclude }: OwnershipSpec,
  { leftovers, declaredLeftovers }: Pick<OwnershipPlan, "leftovers" | "declaredLeftovers">,
  users: UserLabels,
): string[] {
  const describe = (leftover: Leftover) => describeLeftover(leftover, releaseRemoved, users);
  if (releaseRemoved) return leftovers.map(describe);
  const excluded = new Set(exclude);
  const all = [...leftovers.flatMap(({ findings }) => findings), ...declaredLeftovers];
  const given = all.filter(({ id }) => excluded.has(id));
  const staying = leftovers.flatMap((each) => {
    const findings = each.findings.filter(({ id }) => !excluded.has(id));
    return findings.length > 0 ? [{ ...each, findings }] : [];
  });
  const byOwner = groupBy(given, ({ assignee }) => (assignee ? users.label(assignee) : "nobody"));
  return [
    ...staying.map(describe),
    ...[...byOwner].map(([owner, findings]) => {
      const [is, it] = findings.length === 1 ? ["is", "it"] : ["are", "them"];
      return `${findingsOf(findings.length)} that these rules gave to ${owner} ${is} excluded now: these rules leave ${it} alone`;
    }),
  ];
}

function describeLeftover(
  { owner, findings, more }: Leftover,
  releaseRemoved: boolean,
  users: UserLabels,
): string {
  const held = findingsOf(findings.length, more);
  const name = users.label(owner);
  const them = findings.length === 1 ? "it" : "them";
  return releaseRemoved
    ? `${held} to release from ${name}: no rule claims ${them} any more`
    : `${held} ${findings.length === 1 ? "stays" : "stay"} with ${name}, though no rule claims ${them} any more; ` +
        `set releaseRemoved: true to release ${them}`;
}

function describeTakenBack(
  { ruleName, owner, count: number, isKnown }: TakenBack,
  users: UserLabels,
): string {
  const [were, them, belong] = number === 1 ? ["was", "it", "belongs"] : ["were", "them", "belong"];
  if (!isKnown)
    return (
      `  ${findingsOf(number)} of rule "${ruleName}" ${belong} to ${users.label(owner)}; Datadog does not say since when, so a person or ` +
      `another stack may have given ${them} to that user since the last deployment; the rule has overwrite, so this deployment takes ${them}`
    );
  return (
    `  ${findingsOf(number)} of rule "${ruleName}" ${were} given to ${users.label(owner)} since the last deployment: by a person, by ` +
    `another stack, or by a FindingsAssignment that this program declares later; this deployment takes ${them} back`
  );
}

function describeKept({ ruleName, assignee, findings, more }: KeptFindings, users: UserLabels): string {
  const byOwner = [...groupBy(findings, (each) => each.assignee?.id).values()];
  const names = byOwner.flatMap(([first]) => (first?.assignee ? [users.label(first.assignee)] : []));
  const stay = findings.length === 1 && !more ? "stays" : "stay";
  const are = names.length === 1 ? "is one of" : "are among";
  return (
    `  ${ruleName} -> ${assignee}: ${findingsOf(findings.length, more)} ${stay} with ${firstTen(names)}, ` +
    `who ${are} the new owners, too`
  );
}

function describeBlocked({ blocked, more, pending }: PlannedRule): string[] {
  const isCut = more && pending.length === 0;
  return [...groupBy(blocked, ({ detail }) => detail)].map(([reason, group]) => {
    const ids = group.map(({ findingId }) => findingId);
    return `  warning: ${findingsOf(ids.length, isCut)} will fail (${firstIds(ids)}): ${reason}`;
  });
}

/** A line for each rule. */
function describeTicketsOfOthers(tickets: readonly TicketOfAnother[], users: UserLabels): string[] {
  return [...groupBy(tickets, ({ ruleName }) => ruleName)].map(([ruleName, group]) => {
    const [its, it] = group.length === 1 ? ["its ticket", "it"] : ["their tickets", "them"];
    const each = group.map(
      ({ findingId, ticketKey, otherId, owner }) =>
        `${findingId} (${ticketKey}, shared with ${otherId} of ${users.label(owner)})`,
    );
    return (
      `${findingsOf(group.length)} of rule "${ruleName}" left alone, because other findings of ${its} belong to others, and would ` +
      `get the rule's owner, too; set overwrite: true to assign ${it} all the same: ${firstIds(each)}`
    );
  });
}

/** What FindingsAssignments declare, a line for each rule and FindingsAssignment. */
export function describeElsewhere(elsewhere: readonly DeclaredElsewhere[]): string[] {
  const groups = groupBy(elsewhere, ({ ruleName, resourceName }) => JSON.stringify([ruleName, resourceName]));
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (!first) return [];
    const ids = [first, ...rest].map(({ findingId }) => findingId);
    const them = ids.length === 1 ? "it" : "them";
    const resource = first.resourceName === undefined ? "" : ` "${first.resourceName}"`;
    return [
      `${findingsOf(ids.length)} of rule "${first.ruleName}" left alone, because the FindingsAssignment${resource} declares ${them} ` +
        `for somebody else; name ${them} in exclude: ${firstIds(ids)}`,
    ];
  });
}

function describeRule(
  { name, assignee, pending, more, recipients, passedOver }: PlannedRule,
  users: UserLabels,
): string[] {
  const shown = pending.slice(0, EXAMPLES).map(({ id, title }) => `    ${id}  ${title ?? ""}`.trimEnd());
  const rest = pending.length - shown.length;
  const counted = findingsOf(pending.length, more);
  return [
    `  ${name} -> ${assignee}: ${counted}, ${formerOwners(pending, users)}${more ? ", the rest not counted" : ""}`,
    ...describeRecipients(recipients, users),
    ...passedOver.map((reason) => `    passed over: ${reason}`),
    ...shown,
    ...(rest > 0 ? [`    and ${count(rest)} more${more ? ", and those that are not counted" : ""}`] : []),
  ];
}

/** Where several users get findings: who gets how many. */
function describeRecipients(recipients: PlannedRule["recipients"], users: UserLabels): string[] {
  const byUser = groupBy(recipients.values(), (userId) => userId);
  if (byUser.size < 2) return [];
  const shares = [...byUser].map(([id, { length }]) => `${users.label({ id })} ${count(length)}`).sort();
  return [`    to ${firstTen(shares)}`];
}
