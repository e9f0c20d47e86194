import type { OwnershipSpec } from "../../core/ownership/rule";
import { type OwnershipQueries, ruleQueries } from "../../core/ownership/ruleQueries";
import { NOTHING } from "../../core/query/catchAll";
import type { Finding } from "../../datadog/findingsApi";
import { searchAll } from "../../datadog/searchAll";
import type { Session } from "../session";
import { deployedBy, type OwnershipState } from "./ownershipState";

export interface PlannedRule {
  readonly name: string;
  readonly assignee: string;
  readonly ownerId: string;
  /** To be assigned to the rule's owner. */
  readonly pending: readonly Finding[];
}

export interface PlannedRelease {
  readonly name: string;
  readonly ownerId: string;
  readonly findings: readonly Finding[];
}

/** A count that stops somewhere: `more` says that there are more than `count`. */
export interface Tally {
  readonly count: number;
  readonly more: boolean;
}

/** What a deployment would change, as Datadog shows it now. */
export interface OwnershipPlan {
  readonly rules: readonly PlannedRule[];
  readonly releases: readonly PlannedRelease[];
  /** Findings that rules without `overwrite` leave to the owners whom somebody gave them. */
  readonly leftAlone: Tally;
  /** Findings in scope that nobody owns and no rule claims. */
  readonly unclaimed: Tally;
  /** How many findings change; more than `maxChanges` are not all counted. */
  readonly total: Tally;
}

/**
 * Asks Datadog what is not as declared. With nothing to do this takes at most 3 requests, whatever the number of rules and
 * findings: one query holds what all rules together have to assign. Otherwise each rule is asked for its own pages.
 * @param ownerIds UUID of each rule's owner, in the order of the rules
 */
export async function planOwnership(
  session: Session,
  spec: OwnershipSpec,
  ownerIds: readonly string[],
  state: OwnershipState | undefined,
): Promise<OwnershipPlan> {
  const queries = ruleQueries(spec, { ownerIds, deployed: deployedBy(state) });
  const [pending, leftAlone, unclaimed] = await Promise.all([
    anyPending(session, queries),
    tallyLeftAlone(session, queries),
    firstPage(session, queries.unclaimed),
  ]);
  const changes = new Changes(session, spec);
  const rules = pending ? await pendingOfRules(changes, spec, queries) : unchangedRules(spec, queries);
  const releases: PlannedRelease[] = [];
  for (const { name, ownerId, query } of queries.released) {
    releases.push({ name, ownerId, findings: await changes.find(query) });
  }
  return { rules, releases, leftAlone, unclaimed, total: changes.total };
}

async function pendingOfRules(
  changes: Changes,
  spec: OwnershipSpec,
  queries: OwnershipQueries,
): Promise<PlannedRule[]> {
  const planned: PlannedRule[] = [];
  for (const [index, { name, ownerId, pending }] of queries.rules.entries()) {
    const assignee = spec.rules[index]?.assignee ?? ownerId;
    planned.push({ name, assignee, ownerId, pending: await changes.find(pending) });
  }
  return planned;
}

function unchangedRules(spec: OwnershipSpec, queries: OwnershipQueries): PlannedRule[] {
  return queries.rules.map(({ name, ownerId }, index) => {
    const assignee = spec.rules[index]?.assignee ?? ownerId;
    return { name, assignee, ownerId, pending: [] };
  });
}

/** Collects findings to change; beyond `maxChanges`, where nothing will be sent anyway, it does not go on counting. */
class Changes {
  #count = 0;
  #more = false;
  readonly #excluded: ReadonlySet<string>;
  readonly #atMost: number;

  constructor(
    readonly session: Session,
    spec: OwnershipSpec,
  ) {
    this.#excluded = new Set(spec.exclude);
    this.#atMost = spec.maxChanges ?? Number.POSITIVE_INFINITY;
  }

  get total(): Tally {
    return { count: this.#count, more: this.#more };
  }

  async find(query: string): Promise<readonly Finding[]> {
    if (query === NOTHING || this.#more) return [];
    const { api, cancelled: signal } = this.session;
    const atMost = this.#atMost - this.#count + this.#excluded.size;
    const { findings, more } = await searchAll(api, { query, atMost, signal });
    const changing = findings.filter(({ id }) => !this.#excluded.has(id));
    this.#count += changing.length;
    this.#more = more || this.#count > this.#atMost;
    return changing;
  }
}

/** Only after rules were put in another order do the combined queries get longer than this. */
const LONGEST_COMBINED = 8_000;

/** Whether there may be anything to assign, in one request. */
async function anyPending(session: Session, { pending }: OwnershipQueries): Promise<boolean> {
  return pending.length > LONGEST_COMBINED || (await firstPage(session, pending)).count > 0;
}

async function tallyLeftAlone(session: Session, { leftAlone, rules }: OwnershipQueries): Promise<Tally> {
  if (leftAlone.length <= LONGEST_COMBINED) return firstPage(session, leftAlone);
  const tallies = await Promise.all(rules.map((rule) => firstPage(session, rule.leftAlone)));
  return {
    count: tallies.reduce((sum, tally) => sum + tally.count, 0),
    more: tallies.some((tally) => tally.more),
  };
}

async function firstPage(session: Session, query: string): Promise<Tally> {
  if (query === NOTHING) return { count: 0, more: false };
  const page = await session.api.search({ query, limit: 100, signal: session.cancelled });
  return { count: page.findings.length, more: page.cursor !== undefined };
}
