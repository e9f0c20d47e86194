import { groupBy } from "../core/groupBy";
import { NOTHING } from "../query/catchAll";
import { ownedBy } from "../query/findingQueries";
import { firstMatch } from "../query/firstMatch";
import { all, any, not, type QueryPart, queryPart } from "../query/queryPart";
import { deployedParts, type RulePart } from "./reclaimableQuery";
import type { DeployedOwnership, OwnershipSpec } from "./rule";
import { boundsOf } from "./ruleConditions";
import { LONGEST_COMBINED } from "./ruleQueries";
import { ruleRuns } from "./ruleRuns";

export interface StrayQuery {
  readonly query: string;
  /** What one of these versions holds is not among what is asked for: the query does not say so itself. */
  readonly unlessHeldBy: readonly DeployedOwnership[];
}

type PresentRules = Pick<OwnershipSpec, "scope" | "rules" | "exclude">;

/**
 * What is in the scope of deployed rules and belongs to one of their owners, although none of the rules gives
 * it to that owner: a rule did before the finding changed, or a person assigned it. No query, and so no
 * request, where the rules leave no such finding. One query where that is short enough, or else some for each
 * version. Excluded findings may be among what they find, to be filtered.
 * @param present rules that follow: what they match is not among it
 * @param longest how long the query of several rules may be, in characters
 * @throws QuerySyntaxError
 */
export function strayQueries(
  versions: readonly DeployedOwnership[],
  present?: PresentRules,
  longest = LONGEST_COMBINED,
): StrayQuery[] {
  const distinct = withOwnersTogether(versions);
  const exclude = [...versions, ...(present ? [present] : [])].flatMap((each) => each.exclude);
  const { notExcluded } = boundsOf({ scope: undefined, exclude });
  const parts = distinct.map((version) => partsOf(version, present));
  const together = all([notExcluded, ofAnyOwner(parts), ...parts.map(notHeld(parts))]).text;
  if (together === NOTHING) return [];
  if (together.length <= longest) return [{ query: together, unlessHeldBy: [] }];
  return parts.flatMap((part, index) => {
    const unlessHeldBy = distinct.filter((_, place) => place !== index);
    return queriesOf(part, notExcluded, longest).map((query) => ({ query, unlessHeldBy }));
  });
}

/** Of rules that differ in their owners alone, and in what they exclude: one version with all the owners. */
function withOwnersTogether(versions: readonly DeployedOwnership[]): DeployedOwnership[] {
  const same = groupBy(versions, ({ scope, rules }) =>
    JSON.stringify([scope ?? "", rules.map(({ query }) => query)]),
  );
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const rules = first.rules.map((rule, index) => ({
      ...rule,
      ownerIds: [...new Set(group.flatMap((each) => each.rules[index]?.ownerIds ?? []))],
    }));
    return [{ scope: first.scope, exclude: [], rules }];
  });
}

interface VersionParts {
  readonly scope: QueryPart;
  /** In scope, and no present rule matches. */
  readonly within: QueryPart;
  /** Of all its rules. */
  readonly ownerIds: readonly string[];
  /** Those whose query is none of the present rules'. */
  readonly rules: readonly RulePart[];
}

function partsOf(version: DeployedOwnership, present: PresentRules | undefined): VersionParts {
  const { scope, rules } = deployedParts(version);
  const ownerIds = rules.flatMap((rule) => rule.ownerIds);
  const claimed = present?.rules.map(({ query }) => queryPart(query)) ?? [];
  const presentScope = queryPart(present?.scope ?? "");
  const isSameScope = presentScope.always === true || presentScope.text === scope.text;
  if (!isSameScope) {
    return { scope, ownerIds, rules, within: all([scope, not(all([presentScope, any(claimed)]))]) };
  }
  const texts = new Set(claimed.map(({ text }) => text));
  return {
    scope,
    ownerIds,
    rules: rules.filter(({ query }) => !texts.has(query.text)),
    within: all([scope, ...claimed.map(not)]),
  };
}

/** What an owner of any version has in its scope, but for versions that hold all of that. */
function ofAnyOwner(parts: readonly VersionParts[]): QueryPart {
  const byBounds = groupBy(parts.filter(leavesSome), ({ within }) => within.text);
  return any(
    [...byBounds.values()].flatMap((group) => {
      const ownerIds = group.flatMap((each) => each.ownerIds);
      return group.slice(0, 1).map(({ within }) => all([within, ownedBy(ownerIds)]));
    }),
  );
}

function leavesSome(part: VersionParts): boolean {
  return heldOf(part).text !== ownedBy(part.ownerIds).text;
}

function notHeld(parts: readonly VersionParts[]): (part: VersionParts) => QueryPart {
  const haveOneScope = new Set(parts.map(({ scope }) => scope.text)).size === 1;
  return (part) => not(haveOneScope ? heldOf(part) : all([part.scope, heldOf(part)]));
}

/** What belongs to an owner of its rule. */
function heldOf({ rules }: VersionParts): QueryPart {
  return firstMatch(rules.map(({ query, ownerIds }) => ({ query, then: ownedBy(ownerIds) })));
}

/** The same of one version in several queries: rules together as far as they fit, and what none matches. */
function queriesOf(part: VersionParts, notExcluded: QueryPart, longest: number): string[] {
  if (!leavesSome(part)) return [];
  const { within, ownerIds, rules } = part;
  const owned = all([notExcluded, within, ownedBy(ownerIds)]);
  const room = owned.text.length + longest;
  const runs = ruleRuns(rules, owned, (rule) => not(ownedBy(rule.ownerIds)), room);
  const rest = all([owned, ...rules.map(({ query }) => not(query))]).text;
  return [...runs.map(({ query }) => query), rest].filter((query) => query !== NOTHING);
}
