import type { Finding } from "../datadog/model/findingsApi";
import type { OwnershipSpec } from "../rules/rule";
import { type OwnershipQueries, ruleQueries } from "../rules/ruleQueries";
import { labelOf } from "../session/declaredOwnerships";
import type { RuleOwner } from "../session/resolveOwner";
import type { Session } from "../session/session";
import { declaredElsewhere } from "./declaredElsewhere";
import { findIncoming } from "./findIncoming";
import { findKept } from "./findKept";
import { findLeftovers } from "./findLeftovers";
import { findTakenBack } from "./findTakenBack";
import { mayHaveAssignedSince } from "./mayHaveAssignedSince";
import type { OwnershipInputs } from "./ownershipInputs";
import { deployedBy, type OwnershipState } from "./ownershipState";
import type { DeclaredElsewhere, OwnershipPlan, PlannedRule, Tally } from "./plannedOwnership";
import { type FirstFindings, PlanSearch } from "./planSearch";
import { reclaimRecentReleases } from "./recentReleases";
import { reviewTickets, type TicketReview } from "./reviewTickets";
import { ruleProblem } from "./ruleProblem";
import { lagOf } from "./searchLag";

/**
 * Asks Datadog what is not as declared. With nothing to do this takes few requests, whatever the number of
 * findings: a query holds what many rules together have to assign. Otherwise each of these rules is asked for
 * its own pages.
 * @param owners of each rule, in the order of the rules
 */
export async function planOwnership(
  session: Session,
  inputs: OwnershipInputs,
  owners: readonly RuleOwner[],
  state: OwnershipState | undefined,
): Promise<OwnershipPlan> {
  const task = session.progress.start(labelOf(inputs), "read", 0);
  try {
    const search = new PlanSearch(session, inputs.spec, (findings) => task.advance(findings));
    return await planBySearch(session, search, inputs, owners, state);
  } finally {
    task.finish();
  }
}

async function planBySearch(
  session: Session,
  search: PlanSearch,
  inputs: OwnershipInputs,
  owners: readonly RuleOwner[],
  state: OwnershipState | undefined,
): Promise<OwnershipPlan> {
  const { spec } = inputs;
  const madeAt = session.clock.now();
  const ownerIds = owners.map((owner) => owner.ownerIds);
  const queries = ruleQueries(spec, { ownerIds, deployed: deployedBy(state) });
  const [busy, recent, leftAlone, unclaimed] = await Promise.all([
    busyRules(search, queries),
    reclaimRecentReleases(session, spec, ownerIds),
    Promise.all(queries.leftAlone.map(({ query }) => search.first(query))),
    search.first(queries.unclaimed),
  ]);
  // Side by side: the rate limit is what bounds them.
  const read = await Promise.all(
    queries.rules.map(({ pending: query }, index) =>
      planRule(search, {
        rule: ruleAt(spec, index),
        owner: owners[index] ?? NOBODY,
        query: busy.has(index) ? query : undefined,
        recent: recent.get(index) ?? [],
      }),
    ),
  );
  const planned = read.map(({ rule }) => rule);
  const elsewhere: DeclaredElsewhere[] = [];
  for (const { rule, claimed } of read) {
    elsewhere.push(...(await declaredElsewhere(session, rule, claimed)));
  }
  const tickets = await reviewTickets(session, inputs, ownerIds, planned);
  const rules = planned.map((rule) => withoutTickets(rule, tickets));
  search.leaveOut([...tickets.conflicts.keys(), ...tickets.leftAlone.map(({ findingId }) => findingId)]);
  const answeredAt = search.answeredAt ?? madeAt;
  const taken = new Set(rules.flatMap(({ pending }) => pending.map(({ id }) => id)));
  const others = {
    findings: leftAlone.flatMap(({ findings }) => findings).filter(({ id }) => !taken.has(id)),
    more: leftAlone.some(({ more }) => more),
  };
  const leftover = await findLeftovers(session, search, {
    inputs,
    ownerIds,
    state,
    answeredAt,
    leftAlone: others,
  });
  return {
    rules,
    ...leftover,
    lag: state && others.findings.some(mayHaveAssignedSince(state)) ? lagOf(state, answeredAt) : undefined,
    incoming: await findIncoming(session, search, { inputs, ownerIds }),
    transfers: [],
    own: 0,
    idle: [],
    takenBack: findTakenBack(spec, rules, state),
    kept: await findKept(search, spec, queries.rules, state),
    leftAlone: { ...others, count: others.findings.length },
    ticketsOfOthers: tickets.leftAlone,
    following: tickets.following,
    elsewhere,
    unclaimed: tallyOf(unclaimed),
    total: search.total,
    byOwner: new Map(),
    shown: [...rules.flatMap(({ pending }) => pending), ...leftAlone.flatMap(({ findings }) => findings)],
    seenAt: search.seenAt,
    madeAt,
    answeredAt,
  };
}

/** Without what cannot be assigned, and what is left alone, for other findings of its ticket. */
function withoutTickets(rule: PlannedRule, { conflicts, leftAlone }: TicketReview): PlannedRule {
  const blocked = rule.pending.flatMap(({ id }) => conflicts.get(id) ?? []);
  const kept = new Set([...conflicts.keys(), ...leftAlone.map(({ findingId }) => findingId)]);
  const pending = rule.pending.filter(({ id }) => !kept.has(id));
  return { ...rule, pending, blocked: [...rule.blocked, ...blocked] };
}

const NOBODY: RuleOwner = { ownerIds: [], recipients: [], problem: undefined, passedOver: [] };

interface RuleToPlan {
  readonly rule: OwnershipSpec["rules"][number];
  readonly owner: RuleOwner;
  /** What the rule has to assign; undefined: nothing. */
  readonly query: string | undefined;
  /** What this process has released, and the search still shows with an owner. */
  readonly recent: readonly Finding[];
}

async function planRule(
  search: PlanSearch,
  { rule: { name, assignee, overwrite }, owner: { ownerIds, problem }, query, recent }: RuleToPlan,
): Promise<{ rule: PlannedRule; claimed: readonly Finding[] }> {
  const rule = { name, assignee, ownerIds, overwrite, recipients: new Map<string, string>(), passedOver: [] };
  if (problem !== undefined) {
    const { findings, more } = query === undefined ? NO_FINDINGS : await search.first(query);
    const blocked = findings.map(({ id }) => ruleProblem(id, name, problem));
    return { rule: { ...rule, pending: [], more, blocked }, claimed: [] };
  }
  const found = query === undefined ? NO_CHANGES : await search.changes(query);
  const known = new Set(found.findings.map(({ id }) => id));
  const shownAsOwned = recent.filter(({ id }) => !known.has(id));
  // Released since, whatever the search says; one of the rule's own owners gets it back.
  const free = shownAsOwned.map((finding) => {
    const { assignee } = finding;
    const isRight = assignee !== null && ownerIds.includes(assignee.id);
    return { ...finding, assignee: isRight ? { id: assignee.id } : null };
  });
  const pending = [...found.findings, ...search.add(free, false).findings];
  return {
    rule: { ...rule, pending, more: found.more, blocked: [] },
    claimed: found.claimed,
  };
}

const NO_FINDINGS: FirstFindings = { findings: [], more: false };
const NO_CHANGES = { findings: [], claimed: [], more: false };

/** Rules that may have something to assign, by their places. */
async function busyRules(search: PlanSearch, { pending }: OwnershipQueries): Promise<ReadonlySet<number>> {
  const places = await Promise.all(
    pending.map(async ({ from, to, query }) =>
      (await search.anyOf(query)) ? Array.from({ length: to - from }, (_, index) => from + index) : [],
    ),
  );
  return new Set(places.flat());
}

function ruleAt(spec: OwnershipSpec, index: number) {
  const rule = spec.rules[index];
  if (!rule) throw new RangeError(`there is no rule ${index}`);
  return rule;
}

function tallyOf({ findings, more }: FirstFindings): Tally {
  return { count: findings.length, more };
}
