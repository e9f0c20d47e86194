import { groupBy } from "../core/groupBy";
import { BESIDE_IDS, findAmong } from "../datadog/findAmong";
import type { Finding } from "../datadog/model/findingsApi";
import { type FoundFindings, searchAll } from "../datadog/searchAll";
import { allOf, negate } from "../query/combineQueries";
import { heldByRule } from "../rules/heldQueries";
import { queriesAssigningTo } from "../rules/queriesAssigningTo";
import type { OwnershipContext } from "../rules/rule";
import { boundsOf } from "../rules/ruleConditions";
import { LONGEST_COMBINED } from "../rules/ruleQueries";
import type { DeclaredOwnership } from "../session/declaredOwnerships";
import { resolveOwner } from "../session/resolveOwner";
import type { Session } from "../session/session";

/** What may be released: findings of a query, all of one owner where that is known. */
export interface HeldQuery {
  readonly query: string;
  readonly ownerId: string | undefined;
}

/** A FindingsOwnership of the running program, with the UUIDs of its owners. */
type Declared = DeclaredOwnership & Pick<OwnershipContext, "ownerIds">;

/**
 * The rules of the program other than those that release something. A finding stays as it is where they give
 * it to the owner that it has: rules that were renamed, or moved to another resource, release nothing on the
 * way.
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
      ownerIds: each.ownerIds ?? (await ownersOfRules(session, each)),
    }));
    return new OtherOwnerships(session, await Promise.all(declared));
  }

  /**
   * Finds what may be released, of findings that a query finds; undefined: other rules ask the very same, as
   * after a rename.
   */
  async find(held: HeldQuery, atMost = Number.POSITIVE_INFINITY): Promise<FoundFindings | undefined> {
    if (this.#isDeclared(held.query)) return undefined;
    const narrowed = this.#narrowed(held);
    const query = narrowed ?? held.query;
    const found = await searchAll(this.session.api, { query, atMost, signal: this.session.cancelled });
    if (narrowed !== undefined) return found;
    return { ...found, findings: await this.releasable(found.findings) };
  }

  /**
   * Those of some findings that no other rules give to the owner who has them: a request for each owner, 100
   * findings and some rules.
   */
  async releasable(findings: readonly Finding[]): Promise<Finding[]> {
    const byOwner = groupBy(findings, ({ assignee }) => assignee?.id ?? "");
    const released = await Promise.all(
      [...byOwner].map(([ownerId, held]) => this.#releasableFrom(ownerId, held)),
    );
    return released.flat();
  }

  async #releasableFrom(ownerId: string, findings: readonly Finding[]): Promise<Finding[]> {
    const kept = new Set<string>();
    const findingIds = findings.map(({ id }) => id);
    for (const declared of this.declared) {
      const excluded = new Set(declared.spec.exclude);
      for (const query of givenTo(declared, ownerId, BESIDE_IDS)) {
        const given = await findAmong(this.session, findingIds, query);
        for (const { id } of given) if (!excluded.has(id)) kept.add(id);
      }
    }
    return findings.filter(({ id }) => !kept.has(id));
  }

  #isDeclared(query: string): boolean {
    return this.declared.some(({ spec, ownerIds }) => {
      const rules = spec.rules.map(({ name, query: text }, index) => ({
        name,
        query: text,
        ownerIds: ownerIds[index] ?? [],
      }));
      return (
        boundsOf(spec).excludesInQuery && heldByRule({ ...spec, rules }).some((held) => held.query === query)
      );
    });
  }

  /** One query for it, where that is short enough. */
  #narrowed({ query, ownerId }: HeldQuery): string | undefined {
    if (this.declared.length === 0) return query;
    if (ownerId === undefined) return undefined;
    const given = this.declared.flatMap((each) => givenTo(each, ownerId));
    const narrowed = allOf(query, ...given.map(negate));
    const excludesInQuery = this.declared.every(({ spec }) => boundsOf(spec).excludesInQuery);
    return excludesInQuery && narrowed.length <= LONGEST_COMBINED ? narrowed : undefined;
  }
}

/**
 * What other rules give to a user. A rule whose owner cannot be found keeps what it has: its resource tells
 * of that.
 */
function givenTo({ spec, ownerIds }: Declared, userId: string, longest?: number): string[] {
  const owners = ownerIds.map((ids) => (ids.length > 0 ? ids : [userId]));
  return queriesAssigningTo(spec, owners, userId, longest);
}

/** UUIDs of the owners of rules, without those who cannot be found. */
export function ownersOfRules(
  session: Session,
  { spec }: DeclaredOwnership,
): Promise<OwnershipContext["ownerIds"]> {
  return Promise.all(spec.rules.map(async (rule) => (await resolveOwner(session, rule)).ownerIds));
}
