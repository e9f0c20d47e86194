import type { FindingFacts, Match } from "../query/matchesQuery";
import { matchesQuery } from "../query/matchesQuery";
import { parseQuery } from "../query/parseQuery";
import { type DeployedOwnership, type OwnershipContext, type OwnershipSpec, ownersOf } from "./rule";
import { isNobody } from "./ruleOwners";

export interface RuledFinding extends FindingFacts {
  readonly id: string;
  /** UUID; null: nobody. */
  readonly assigneeId: string | null;
}

/**
 * - `excluded`, `outsideScope`: never touched
 * - `unclaimed`: no rule matches
 * - `asDeclared`: belongs to an owner of its rule
 * - `assign`: to be assigned to the owner of its rule
 * - `leftAlone`: somebody else owns it, and its rule does not overwrite
 * - `leftAsIs`: its rule has the owner `none`
 * - `undecided`: what is known of the finding does not tell; the last trial (or the scope, or a former rule)
 *   says where
 */
export type Outcome =
  | "excluded"
  | "outsideScope"
  | "unclaimed"
  | "asDeclared"
  | "assign"
  | "leftAlone"
  | "leftAsIs"
  | "undecided";

/** What Datadog says of one finding: whether it matches a query, by the query's text. */
export type Answers = ReadonlyMap<string, boolean>;

/** Whether a rule matches. */
export interface RuleTrial {
  readonly name: string;
  readonly match: Match;
}

export interface Verdict {
  readonly outcome: Outcome;
  /** The rule that the finding belongs to; undefined where there is none or that cannot be said. */
  readonly rule:
    | { readonly index: number; readonly name: string; readonly ownerIds: readonly string[] }
    | undefined;
  /** All rules in order up to the one that decided, which is the last. */
  readonly trials: readonly RuleTrial[];
  /** Who owns the finding now. */
  readonly assigneeId: string | null;
  /**
   * Where it is undecided: the query, as declared, of which Datadog has to say whether the finding matches.
   */
  readonly toAsk: string | undefined;
}

/**
 * The rules as a plain function of one finding, without any query: what the queries are held against in
 * tests, and what explains them. With Datadog's answer for what is `toAsk`, again and again, it comes to a
 * decision.
 * @throws QuerySyntaxError
 */
export function assignByRules(
  spec: OwnershipSpec,
  context: OwnershipContext,
): (finding: RuledFinding, answers?: Answers) => Verdict {
  const scope = askable(spec.scope ?? "");
  const rules = spec.rules.map((rule, index) => ({
    ...rule,
    index,
    ask: askable(rule.query),
    ownerIds: ownersOf(context, index),
  }));
  const excluded = new Set(spec.exclude);
  const taken = takenFrom(context.deployed);

  return (finding, answers = new Map()) => {
    const assigneeId = finding.assigneeId?.toLowerCase() ?? null;
    const verdict = (
      outcome: Outcome,
      trials: readonly RuleTrial[] = [],
      rule?: Verdict["rule"],
      toAsk?: string,
    ): Verdict => ({ outcome, rule, trials, assigneeId, toAsk });
    if (excluded.has(finding.id)) return verdict("excluded");
    const inScope = scope(finding, answers);
    if (inScope === "unknown") return verdict("undecided", [], undefined, spec.scope);
    if (!inScope) return verdict("outsideScope");

    const { trials, decisive, toAsk } = tryRules(rules, finding, answers);
    if (toAsk !== undefined) return verdict("undecided", trials, undefined, toAsk);
    if (!decisive) return verdict("unclaimed", trials);
    const { index, name, ownerIds } = decisive;
    const rule = { index, name, ownerIds };
    if (isNobody(decisive.owners)) return verdict("leftAsIs", trials, rule);
    if (assigneeId !== null && ownerIds.includes(assigneeId)) return verdict("asDeclared", trials, rule);
    if (decisive.overwrite || assigneeId === null) return verdict("assign", trials, rule);
    const took = taken(finding, assigneeId, answers);
    if (typeof took === "object") return verdict("undecided", trials, rule, took.toAsk);
    return verdict(took ? "assign" : "leftAlone", trials, rule);
  };
}

/** Whether a finding matches a query, as far as it is known, or else as Datadog says. */
type Ask = (finding: FindingFacts, answers: Answers) => Match;

/** Nothing written is everything. */
function askable(query: string): Ask {
  if (query.trim() === "") return () => true;
  const node = parseQuery(query);
  return (finding, answers) => {
    const match = matchesQuery(node, finding);
    return match === "unknown" ? (answers.get(query) ?? match) : match;
  };
}

interface AskableRule {
  readonly name: string;
  readonly query: string;
  readonly ask: Ask;
}

/** Tries rules in order; stops at the first that matches or may match. */
function tryRules<Rule extends AskableRule>(
  rules: readonly Rule[],
  finding: FindingFacts,
  answers: Answers,
): { trials: readonly RuleTrial[]; decisive?: Rule; toAsk?: string } {
  const trials: RuleTrial[] = [];
  for (const rule of rules) {
    const match = rule.ask(finding, answers);
    trials.push({ name: rule.name, match });
    if (match === true) return { trials, decisive: rule };
    if (match === "unknown") return { trials, toAsk: rule.query };
  }
  return { trials };
}

/** Whether a rule may take a finding from its present owner, for what was deployed before. */
function takenFrom(
  deployed: readonly DeployedOwnership[],
): (finding: FindingFacts, assigneeId: string, answers: Answers) => boolean | { readonly toAsk: string } {
  const former = deployed.map(({ scope = "", rules }) => ({
    scope,
    asksScope: askable(scope),
    rules: rules.map((rule) => ({
      ...rule,
      ask: askable(rule.query),
      ownerIds: rule.ownerIds.map((id) => id.toLowerCase()),
    })),
  }));
  return (finding, assigneeId, answers) => {
    let unknown: string | undefined;
    for (const { scope, asksScope, rules } of former) {
      if (!rules.some(({ ownerIds }) => ownerIds.includes(assigneeId))) continue;
      const inScope = asksScope(finding, answers);
      const { decisive, toAsk = inScope === "unknown" ? scope : undefined } = tryRules(
        rules,
        finding,
        answers,
      );
      if (inScope === true && decisive?.ownerIds.includes(assigneeId)) return true;
      if (inScope !== false) unknown ??= toAsk;
    }
    return unknown === undefined ? false : { toAsk: unknown };
  };
}
