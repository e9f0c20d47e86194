import { count } from "../core/count";
import type { ChangeGuard, Finding } from "../datadog/model/findingsApi";
import { firstTen } from "../messages/messages";
import type { Session } from "../session/session";
import { isRecentlyReleased } from "../transfer/recentReleases";
import { declaredElsewhere } from "./declaredElsewhere";
import { describeElsewhere } from "./describePlan";
import type { PlannedRule } from "./plannedOwnership";

/** So long what the plan saw is taken for what is: under a rate limit, an hour may pass between the plan and a PATCH. */
const FRESH_MS = 60_000;

/**
 * Has the last word on what a rule assigns, just before it is sent: what a FindingsAssignment declares by now stays as it is, and
 * a rule that does not overwrite takes nothing that somebody has given to another user since the plan was made.
 */
export class RuleGuard {
  readonly #session: Session;
  readonly #rule: PlannedRule;
  readonly #madeAt: number;
  readonly #claimed = new Map<string, Finding>();
  readonly #taken = new Map<string, Finding>();

  /** @param madeAt when the plan was made by our own clock, ms: what counts is how long ago that is */
  constructor(session: Session, rule: PlannedRule, madeAt: number) {
    this.#session = session;
    this.#rule = rule;
    this.#madeAt = madeAt;
  }

  /** Takes one look-up for 100 findings where the plan is old, and no request otherwise. */
  readonly review: ChangeGuard = async (findingIds) => {
    const planned = new Map(this.#rule.pending.map((finding) => [finding.id, finding]));
    const batch = findingIds.flatMap((id) => planned.get(id) ?? []);
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
      .map(({ id, assignee }) => `${id} (${assignee?.name ?? assignee?.id})`);
    const { name } = this.#rule;
    const since = `${count(taken.length)} findings of rule "${name}" left alone, given to others since the plan was made`;
    return [...describeElsewhere(elsewhere), ...(taken.length > 0 ? [`${since}: ${firstTen(taken)}`] : [])];
  }

  async #takenOf(batch: readonly Finding[]): Promise<Finding[]> {
    const { clock, owners } = this.#session;
    const { overwrite, ownerIds } = this.#rule;
    if (overwrite || batch.length === 0 || clock.now() - this.#madeAt <= FRESH_MS) return [];
    const { findings } = await owners.lookUp(batch.map(({ id }) => id));
    return batch.flatMap(({ id, assignee }) => {
      const now = findings.get(id);
      const mayTake = [undefined, ...ownerIds, assignee?.id].includes(now?.assignee?.id);
      return now && !mayTake && !isRecentlyReleased(this.#session, now) ? [now] : [];
    });
  }
}
