import { parseQuery } from "../query/parseQuery";
import { QuerySyntaxError } from "../query/querySyntaxError";
import { isOwnerAddress, noOwnerMessage } from "./ownerAddress";
import type { OwnershipRule, OwnershipSpec } from "./rule";
import { type NeverMatches, RuleReach } from "./ruleReach";

export type OwnershipProblemCode =
  | "emptyRules"
  | "duplicateName"
  | "querySyntax"
  | "lowerCaseOperator"
  | "unreachable"
  | "noFallback"
  | "owner"
  | "maxChanges";

export interface OwnershipProblem {
  readonly code: OwnershipProblemCode;
  /** A warning may be meant so; an error cannot. */
  readonly severity: "error" | "warning";
  /** Into the spec: `["rules", 2, "query"]`. */
  readonly path: ReadonlyArray<string | number>;
  /** What is wrong and what would be right. */
  readonly message: string;
  /** Of a query: where in its text, in UTF-16 code units from 0. */
  readonly offset?: number;
}

export interface LintOptions {
  /** Whether owners may be handles, that is any name without spaces, beside e-mails and UUIDs. Default true. */
  readonly handles?: boolean;
}

/** Every problem of a declaration, in the order of its fields. */
export function lintOwnership(spec: OwnershipSpec, { handles = true }: LintOptions = {}): OwnershipProblem[] {
  const { rules, scope } = spec;
  const reach = new RuleReach(
    scope,
    rules.map(({ query }) => query),
  );
  return [
    ...queryProblems(scope, ["scope"], { mayBeEmpty: true }),
    ...rules.flatMap((_, index) => ruleProblems(rules, index, reach, handles)),
    ...listProblems(rules, reach),
    ...boundProblems(spec.maxChanges),
  ];
}

function ruleProblems(
  rules: readonly OwnershipRule[],
  index: number,
  reach: RuleReach,
  handles: boolean,
): OwnershipProblem[] {
  const rule = rules[index];
  if (!rule) return [];
  const namesake = rules.findIndex(({ name }) => name === rule.name);
  const problems: OwnershipProblem[] = [];
  if (namesake < index) {
    const message = `duplicate rule name "${rule.name}": rule ${namesake + 1} has it already; name each rule once`;
    problems.push({ code: "duplicateName", severity: "error", path: ["rules", index, "name"], message });
  }
  problems.push(...queryProblems(rule.query, ["rules", index, "query"]));
  const never = reach.neverMatches(index);
  if (never) problems.push(unreachable(rules, index, never));
  if (!isOwnerAddress(rule.assignee, handles)) {
    const message = noOwnerMessage(rule.assignee, handles);
    problems.push({ code: "owner", severity: "error", path: ["rules", index, "assignee"], message });
  }
  return problems;
}

function unreachable(rules: readonly OwnershipRule[], index: number, never: NeverMatches): OwnershipProblem {
  const { name = "", query = "" } = rules[index] ?? {};
  if (!("behind" in never)) {
    // Maybe a rule that was switched off.
    const nothing = never.because === "outsideScope" ? "no finding in scope matches" : "no finding matches";
    const message = `rule "${name}" can never match: ${nothing} ${query.trim()}`;
    return { code: "unreachable", severity: "warning", path: ["rules", index, "query"], message };
  }
  const blocking = rules[never.behind]?.name ?? "";
  const [does, advice] = {
    everything: ["matches everything", `move "${blocking}" to the end`],
    everythingInScope: ["matches everything in scope", `move "${blocking}" to the end`],
    sameQuery: ["has the same query", "take one of the two out"],
    covered: ["matches all that it matches", `move "${name}" before "${blocking}", or take it out`],
  }[never.because];
  const message = `rule "${name}" can never match: rule ${never.behind + 1} "${blocking}" before it ${does}; ${advice}`;
  return { code: "unreachable", severity: "error", path: ["rules", index], message };
}

function queryProblems(
  query: string | undefined,
  path: OwnershipProblem["path"],
  { mayBeEmpty = false } = {},
): OwnershipProblem[] {
  if (query === undefined || (mayBeEmpty && query.trim() === "")) return [];
  try {
    parseQuery(query);
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    return [{ code: "querySyntax", severity: "error", path, message: error.message, offset: error.offset }];
  }
  const word = /(?<=^|[\s(])(?:and|or|not)(?=$|[\s)])/.exec(withoutQuoted(query));
  if (!word) return [];
  const message = `"${word[0]}" is a word to search for: the operator is ${word[0].toUpperCase()}`;
  return [{ code: "lowerCaseOperator", severity: "warning", path, message, offset: word.index }];
}

function listProblems(rules: readonly OwnershipRule[], reach: RuleReach): OwnershipProblem[] {
  if (rules.length === 0) {
    const message = "there are no rules: declare one at least, with name, query and assignee";
    return [{ code: "emptyRules", severity: "error", path: ["rules"], message }];
  }
  if (reach.leavesNothing) return [];
  const message = `no rule matches everything: what none of them claims stays unowned; end with a rule whose query is "*"`;
  return [{ code: "noFallback", severity: "warning", path: ["rules", rules.length - 1], message }];
}

function boundProblems(maxChanges: number | undefined): OwnershipProblem[] {
  if (maxChanges === undefined || (Number.isSafeInteger(maxChanges) && maxChanges >= 0)) return [];
  const message = `maxChanges is ${maxChanges}: it is a whole number of findings, 0 or more`;
  return [{ code: "maxChanges", severity: "error", path: ["maxChanges"], message }];
}

/** Quoted values blanked out, so that places stay as they are. */
function withoutQuoted(query: string): string {
  return query.replace(/"(?:[^"\\]|\\.)*"|\\./gs, (text) => "x".repeat(text.length));
}
