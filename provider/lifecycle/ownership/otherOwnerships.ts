import { groupBy } from "../../core/groupBy";
import type { DeclaredOwnership } from "../../core/ownership/declaredOwnerships";
import { givenTo } from "../../core/ownership/givenTo";
import { boundsOf } from "../../core/ownership/ruleConditions";
import { LONGEST_COMBINED, ruleQueries } from "../../core/ownership/ruleQueries";
import { allOf, negate } from "../../core/query/combineQueries";
import type { Finding } from "../../datadog/findingsApi";
import { type FoundFindings, searchAll } from "../../datadog/searchAll";
import type { Session } from "../session";
import { BESIDE_IDS, findAmong } from "./findAmong";

/** What may be released: findings of a query, all of one owner where that is known. */
export interface HeldQuery {
  readonly query: string;
  readonly ownerId: string | undefined;
}

/** A FindingsOwnership of the running program, with the UUIDs of its owners. */
type Declared = DeclaredOwnership & { readonly ownerIds: readonly string[] };

/**
 * The rules of the program other than those that release something. A finding stays as it is where they give it to the owner
 * that it has: rules that were renamed, or moved to another resource, release nothing on the way.
 */
export class OtherOwnerships {
  private constructor(
    readonly session: Session,
    readonly declared: readonly Declared[],
  ) {}

  /**
   * As declared by now.
   * @param self the declaration that is about to release something; undefined: it is declared no more
   */
  static async of(
    session: Session,
    self?: Pick<DeclaredOwnership, "resourceName" | "spec">,
  ): Promise<OtherOwnerships> {
    const declared = session.ownerships.others(self).map(async (each) => ({
      ...each,
      ownerIds:
        each.ownerIds ??
        (await Promise.all(each.spec.rules.map(({ assignee }) => session.assignees.resolve(assignee)))),
    }));
    return new OtherOwnerships(session, await Promise.all(declared));
  }

  /** Finds what may be released, of findings that a query finds. */
  async find(held: HeldQuery, atMost = Number.POSITIVE_INFINITY): Promise<Omit<FoundFindings, "answeredAt">> {
    if (this.#isDeclared(held.query)) return { findings: [], more: false };
    const narrowed = this.#narrowed(held);
    const query = narrowed ?? held.query;
    const found = await searchAll(this.session.api, { query, atMost, signal: this.session.cancelled });
    return narrowed === undefined ? { ...found, findings: await this.#without(found.findings) } : found;
  }

  /** Those of an owner's findings that no other rules give to that owner: a request for each 100 and some rules. */
  async releasable(ownerId: string, findings: readonly Finding[]): Promise<Finding[]> {
    const kept = new Set<string>();
    const findingIds = findings.map(({ id }) => id);
    for (const { spec, ownerIds } of findings.length > 0 ? this.declared : []) {
      const excluded = new Set(spec.exclude);
      for (const query of givenTo(spec, ownerIds, ownerId, BESIDE_IDS)) {
        const given = await findAmong(this.session, findingIds, query);
        for (const { id } of given) if (!excluded.has(id)) kept.add(id);
      }
    }
    return findings.filter(({ id }) => !kept.has(id));
  }

  /** Whether other rules ask the very same, as after a rename: then there is nothing to look for. */
  #isDeclared(query: string): boolean {
    return this.declared.some(({ spec, ownerIds }) => {
      const { rules, excludesInQuery } = ruleQueries(spec, { ownerIds, deployed: [] });
      return excludesInQuery && rules.some(({ owned }) => owned === query);
    });
  }

  /** One query for it, where that is short enough. */
  #narrowed({ query, ownerId }: HeldQuery): string | undefined {
    if (this.declared.length === 0) return query;
    if (ownerId === undefined) return undefined;
    const given = this.declared.flatMap(({ spec, ownerIds }) => givenTo(spec, ownerIds, ownerId));
    const narrowed = allOf(query, ...given.map(negate));
    const excludesInQuery = this.declared.every(({ spec }) => boundsOf(spec).excludesInQuery);
    return excludesInQuery && narrowed.length <= LONGEST_COMBINED ? narrowed : undefined;
  }

  async #without(findings: readonly Finding[]): Promise<Finding[]> {
    const byOwner = groupBy(findings, ({ assignee }) => assignee?.id ?? "");
    const released = await Promise.all([...byOwner].map(([ownerId, held]) => this.releasable(ownerId, held)));
    return released.flat();
  }
}
