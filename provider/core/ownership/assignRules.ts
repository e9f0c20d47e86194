import type { FindingFacts, Match } from "../query/matchesQuery";
import { matchesQuery } from "../query/matchesQuery";
import { parseQuery } from "../query/parseQuery";
import type { QueryNode } from "../query/queryNode";
import { type DeployedOwnership, type OwnershipContext, type OwnershipSpec, ownerOf } from "./rule";

export interface RuledFinding extends FindingFacts {
  readonly id: string;
  /** UUID; null: nobody. */
  readonly assigneeId: string | null;
}

/**
 * - `excluded`, `outsideScope`: never touched
 * - `unclaimed`: no rule matches
 * - `asDeclared`: belongs to the owner of its rule
 * - `assign`: to be assigned to the owner of its rule
 * - `leftAlone`: somebody else owns it, and its rule does not overwrite
 * - `undecided`: what is known of the finding does not tell; the last trial (or the scope, or a former rule) says where
 */
export type Outcome =
  | "excluded"
  | "outsideScope"
  | "unclaimed"
  | "asDeclared"
  | "assign"
  | "leftAlone"
  | "undecided";

/** Whether a rule matches. */
export interface RuleTrial {
  readonly name: string;
  readonly match: Match;
}

export interface Verdict {
  readonly outcome: Outcome;
  /** The rule that the finding belongs to; undefined where there is none or that cannot be said. */
  readonly rule: { readonly index: number; readonly name: string; readonly ownerId: string } | undefined;
  /** All rules in order up to the one that decided, which is the last. */
  readonly trials: readonly RuleTrial[];
  /** Who owns the finding now. */
  readonly assigneeId: string | null;
}

/**
 * The rules as a plain function of one finding, without any query: what the queries are held against in tests, and what
 * explains them.
 * @throws QuerySyntaxError
 */
export function assignByRules(
  spec: OwnershipSpec,
  context: OwnershipContext,
): (finding: RuledFinding) => Verdict {
  const scope = parsedScope(spec.scope);
  const rules = spec.rules.map((rule, index) => ({
    ...rule,
    index,
    node: parseQuery(rule.query),
    ownerId: ownerOf(context, index),
  }));
  const excluded = new Set(spec.exclude);
  const taken = takenFrom(context.deployed);

  return (finding) => {
    const assigneeId = finding.assigneeId?.toLowerCase() ?? null;
    const verdict = (
      outcome: Outcome,
      trials: readonly RuleTrial[] = [],
      rule?: Verdict["rule"],
    ): Verdict => ({
      outcome,
      rule,
      trials,
      assigneeId,
    });
    if (excluded.has(finding.id)) return verdict("excluded");
    const inScope = scope ? matchesQuery(scope, finding) : true;
    if (inScope !== true) return verdict(inScope === false ? "outsideScope" : "undecided");

    const { trials, decisive } = tryRules(rules, finding);
    if (trials.at(-1)?.match === "unknown") return verdict("undecided", trials);
    if (!decisive) return verdict("unclaimed", trials);
    const { index, name, ownerId } = decisive;
    const rule = { index, name, ownerId };
    if (assigneeId === ownerId) return verdict("asDeclared", trials, rule);
    if (decisive.overwrite || assigneeId === null) return verdict("assign", trials, rule);
    const took = taken(finding, assigneeId, name);
    if (took === "unknown") return verdict("undecided", trials, rule);
    return verdict(took ? "assign" : "leftAlone", trials, rule);
  };
}

interface ParsedRule {
  readonly name: string;
  readonly node: QueryNode;
}

/** Tries rules in order; stops at the first that matches or may match. */
function tryRules<Rule extends ParsedRule>(
  rules: readonly Rule[],
  finding: FindingFacts,
): { trials: readonly RuleTrial[]; decisive: Rule | undefined } {
  const trials: RuleTrial[] = [];
  for (const rule of rules) {
    const match = matchesQuery(rule.node, finding);
    trials.push({ name: rule.name, match });
    if (match !== false) return { trials, decisive: match === true ? rule : undefined };
  }
  return { trials, decisive: undefined };
}

/** Whether a rule of this name may take a finding from its present owner, for what was deployed before. */
function takenFrom(
  deployed: readonly DeployedOwnership[],
): (finding: FindingFacts, assigneeId: string, name: string) => Match {
  const former = deployed.map(({ scope, rules }) => ({
    scope: parsedScope(scope),
    rules: rules.map((rule) => ({
      name: rule.name,
      node: parseQuery(rule.query),
      ownerId: rule.ownerId.toLowerCase(),
    })),
  }));
  return (finding, assigneeId, name) => {
    const all = former.flatMap(({ rules }) => rules);
    if (all.some((rule) => rule.name === name && rule.ownerId === assigneeId)) return true;
    let result: Match = false;
    for (const { scope, rules } of former) {
      if (!rules.some(({ ownerId }) => ownerId === assigneeId)) continue;
      const inScope = scope ? matchesQuery(scope, finding) : true;
      const { trials, decisive } = tryRules(rules, finding);
      const undecided = inScope === "unknown" || trials.at(-1)?.match === "unknown";
      if (inScope === true && decisive?.ownerId === assigneeId) return true;
      if (inScope !== false && undecided) result = "unknown";
    }
    return result;
  };
}

function parsedScope(scope: string | undefined): QueryNode | undefined {
  return scope === undefined || scope.trim() === "" ? undefined : parseQuery(scope);
}
