import type { OwnershipSpec } from "../../core/ownership/rule";
import { type OwnershipQueries, ruleQueries } from "../../core/ownership/ruleQueries";
import type { Finding } from "../../datadog/findingsApi";
import type { Session } from "../session";
import { type DeclaredElsewhere, declaredElsewhere } from "./declaredElsewhere";
import { takenLately } from "./givenLately";
import type { OwnershipInputs } from "./ownershipInputs";
import { deployedBy, type OwnershipState } from "./ownershipState";
import { type PlannedRelease, planReleases } from "./planReleases";
import { PlanSearch, type Tally } from "./planSearch";

export interface PlannedRule {
  readonly name: string;
  readonly assignee: string;
  readonly ownerId: string;
  readonly overwrite: boolean;
  /** To be assigned to the rule's owner. */
  readonly pending: readonly Finding[];
  /** Whether there are more than these: then nothing is sent. */
  readonly more: boolean;
}

/** What a deployment would change, as Datadog shows it now. */
export interface OwnershipPlan {
  readonly rules: readonly PlannedRule[];
  readonly releases: readonly PlannedRelease[];
  /** How long ago, in ms, something was assigned that the search may not show to be released yet, and this machine does not know. */
  readonly unseen: number | undefined;
  /** Findings that rules without `overwrite` leave to the owners whom somebody gave them. */
  readonly leftAlone: Tally;
  /** Findings that a FindingsAssignment declares for somebody else. */
  readonly elsewhere: readonly DeclaredElsewhere[];
  /** Findings in scope that nobody owns and no rule claims. */
  readonly unclaimed: Tally;
  /** How many findings change; more than `maxChanges` are not all counted. */
  readonly total: Tally;
  /** When Datadog was asked, ms since the epoch. */
  readonly madeAt: number;
}

/**
 * Asks Datadog what is not as declared. With nothing to do this takes few requests, whatever the number of findings: a query
 * holds what many rules together have to assign. Otherwise each of these rules is asked for its own pages.
 * @param ownerIds UUID of each rule's owner, in the order of the rules
 */
export async function planOwnership(
  session: Session,
  inputs: OwnershipInputs,
  ownerIds: readonly string[],
  state: OwnershipState | undefined,
): Promise<OwnershipPlan> {
  const { spec } = inputs;
  const madeAt = session.clock.now();
  const queries = ruleQueries(spec, { ownerIds, deployed: deployedBy(state) });
  const search = new PlanSearch(session, spec);
  const [busy, late, leftAlone, unclaimed] = await Promise.all([
    busyRules(search, queries),
    takenLately(session, spec, ownerIds),
    Promise.all(queries.leftAlone.map(({ query }) => search.tally(query))),
    search.tally(queries.unclaimed),
  ]);
  const rules: PlannedRule[] = [];
  const elsewhere: DeclaredElsewhere[] = [];
  let takenAfterAll = 0;
  for (const [index, { name, ownerId, pending: query }] of queries.rules.entries()) {
    const { assignee, overwrite } = ruleAt(spec, index);
    const found = busy.has(index) ? await search.changes(query) : NO_CHANGES;
    const known = new Set(found.findings.map(({ id }) => id));
    const shownAsOwned = (late.get(index) ?? []).filter(({ id }) => !known.has(id));
    takenAfterAll += shownAsOwned.filter((finding) => finding.assignee?.id !== ownerId).length;
    const free = shownAsOwned.map((finding) => ({ ...finding, assignee: null }));
    const pending = [...found.findings, ...search.add(free, false).findings];
    const rule = { name, assignee, ownerId, overwrite, pending, more: found.more };
    rules.push(rule);
    elsewhere.push(...(await declaredElsewhere(session, rule, found.claimed)));
  }
  const others = sumOf(leftAlone);
  const { releases, unseen } = await planReleases(session, search, queries, inputs, state);
  return {
    rules,
    releases,
    unseen,
    leftAlone: { ...others, count: Math.max(0, others.count - takenAfterAll) },
    elsewhere,
    unclaimed,
    total: search.total,
    madeAt,
  };
}

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

function sumOf(tallies: readonly Tally[]): Tally {
  return {
    count: tallies.reduce((sum, tally) => sum + tally.count, 0),
    more: tallies.some((tally) => tally.more),
  };
}
