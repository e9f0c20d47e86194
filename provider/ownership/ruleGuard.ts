import { findingsOf } from "../core/count";
import type { ChangeGuard, Finding } from "../datadog/model/findingsApi";
import { firstIds } from "../messages/messages";
import type { OwnershipContext, OwnershipSpec } from "../rules/rule";
import type { Session } from "../session/session";
import { decideByRules } from "../transfer/decideByRules";
import { declaredElsewhere } from "./declaredElsewhere";
import { describeElsewhere } from "./describePlan";
import type { OwnershipPlan, PlannedRule } from "./plannedOwnership";
import { isRecentlyReleased } from "./recentReleases";

/**
 * So long what a search showed is taken for what is: under a rate limit, an hour may pass between it and a
 * PATCH.
 */
const FRESH_MS = 60_000;

type GuardedPlan = Pick<OwnershipPlan, "rules" | "seenAt" | "madeAt">;

/**
 * Has the last word on what a rule assigns, just before it is sent: what a FindingsAssignment declares by now
 * stays as it is, and a rule that does not overwrite takes nothing that somebody has given to another user
 * since the plan was made.
 */
export class RuleGuard {
  readonly #session: Session;
  readonly #rule: PlannedRule;
  readonly #plan: GuardedPlan;
  readonly #spec: OwnershipSpec;
  readonly #deployed: OwnershipContext["deployed"];
  readonly #planned: ReadonlyMap<string, Finding>;
  readonly #claimed = new Map<string, Finding>();
  readonly #taken = new Map<string, Finding>();

  /** @param context the rules of the plan, and the versions from which they take over */
  constructor(
    session: Session,
    rule: PlannedRule,
    plan: GuardedPlan,
    { spec, deployed }: Pick<OwnershipContext, "deployed"> & { readonly spec: OwnershipSpec },
  ) {
    this.#session = session;
    this.#rule = rule;
    this.#plan = plan;
    this.#spec = spec;
    this.#deployed = deployed;
    this.#planned = new Map(rule.pending.map((finding) => [finding.id, finding]));
  }

  /** Takes one look-up for 100 findings that were seen long ago, and no request otherwise. */
  readonly review: ChangeGuard = async (findingIds) => {
    const batch = findingIds.flatMap((id) => this.#planned.get(id) ?? []);
    const claimed = batch.filter(({ id }) => this.#session.claims.has(id));
    const taken = await this.#takenOf(batch.filter(({ id }) => !this.#session.claims.has(id)));
    for (const finding of claimed) this.#claimed.set(finding.id, finding);
    for (const finding of taken) this.#taken.set(finding.id, finding);
    return new Set([...claimed, ...taken].map(({ id }) => id));
  };

  /**
   * Why findings were left alone, in lines.
   * @param findingIds those that were in the end: a batch that fails is reviewed again
   */
  async describe(findingIds: readonly string[]): Promise<string[]> {
    const claimed = findingIds.flatMap((id) => this.#claimed.get(id) ?? []);
    const elsewhere = await declaredElsewhere(this.#session, this.#rule, claimed);
    const taken = findingIds
      .filter((id) => !this.#claimed.has(id))
      .flatMap((id) => this.#taken.get(id) ?? [])
      .map(({ id, assignee }) => `${id} (${assignee ? this.#session.users.label(assignee) : "nobody"})`);
    const { name } = this.#rule;
    const them = taken.length === 1 ? "it" : "them";
    const since =
      `${findingsOf(taken.length)} of rule "${name}" left alone, because somebody has given ${them} to another user ` +
      "since the plan was made";
    return [...describeElsewhere(elsewhere), ...(taken.length > 0 ? [`${since}: ${firstIds(taken)}`] : [])];
  }

  async #takenOf(batch: readonly Finding[]): Promise<Finding[]> {
    const { owners } = this.#session;
    const { overwrite, ownerIds } = this.#rule;
    const old = overwrite ? [] : batch.filter(({ id }) => !this.#isFresh(id));
    if (old.length === 0) return [];
    const { findings } = await owners.lookUp(old.map(({ id }) => id));
    const changed = old.flatMap(({ id, assignee }) => {
      const now = findings.get(id);
      const mayTake = [undefined, ...ownerIds, assignee?.id].includes(now?.assignee?.id);
      return now && !mayTake && !isRecentlyReleased(this.#session, now) ? [now] : [];
    });
    return changed.length > 0 ? this.#withoutOwn(changed) : [];
  }

  /** What the search shows only now may be what an earlier deployment of these rules gave away. */
  async #withoutOwn(changed: readonly Finding[]): Promise<Finding[]> {
    const context = { ownerIds: this.#plan.rules.map(({ ownerIds }) => ownerIds), deployed: this.#deployed };
    const verdicts = await decideByRules(this.#session, this.#spec, context, changed);
    return changed.filter(({ id }) => verdicts.get(id)?.outcome !== "assign");
  }

  #isFresh(id: string): boolean {
    const { seenAt, madeAt } = this.#plan;
    return this.#session.clock.now() - (seenAt.get(id) ?? madeAt) <= FRESH_MS;
  }
}
