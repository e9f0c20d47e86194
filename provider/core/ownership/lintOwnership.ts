import { parseQuery } from "../query/parseQuery";
import { type QueryPart, queryPart } from "../query/queryPart";
import { QuerySyntaxError } from "../query/querySyntaxError";
import { isOwnerAddress, noOwnerMessage } from "./ownerAddress";
import type { OwnershipRule, OwnershipSpec } from "./rule";

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
  const rules = spec.rules.map((rule) => ({ ...rule, part: readable(rule.query) }));
  return [
    ...queryProblems(spec.scope, ["scope"], { mayBeEmpty: true }),
    ...rules.flatMap((rule, index) => ruleProblems(rule, index, rules.slice(0, index), handles)),
    ...listProblems(rules),
    ...boundProblems(spec.maxChanges),
  ];
}

interface ReadRule extends OwnershipRule {
  /** Parsed; undefined where the query is wrong, which is told by itself, or empty. */
  readonly part: QueryPart | undefined;
}

function readable(query: string): QueryPart | undefined {
  try {
    return query.trim() === "" ? undefined : queryPart(query);
  } catch (error) {
    if (error instanceof QuerySyntaxError) return undefined;
    throw error;
  }
}

function ruleProblems(
  rule: ReadRule,
  index: number,
  earlier: readonly ReadRule[],
  handles: boolean,
): OwnershipProblem[] {
  const namesake = earlier.findIndex(({ name }) => name === rule.name);
  const problems: OwnershipProblem[] = [];
  if (namesake >= 0) {
    const message = `duplicate rule name "${rule.name}": rule ${namesake + 1} has it already; name each rule once`;
    problems.push({ code: "duplicateName", severity: "error", path: ["rules", index, "name"], message });
  }
  problems.push(...queryProblems(rule.query, ["rules", index, "query"]));
  problems.push(...unreachable(rule, index, earlier));
  if (!isOwnerAddress(rule.assignee, handles)) {
    const message = noOwnerMessage(rule.assignee, handles);
    problems.push({ code: "owner", severity: "error", path: ["rules", index, "assignee"], message });
  }
  return problems;
}

function unreachable(
  { name, query, part }: ReadRule,
  index: number,
  earlier: readonly ReadRule[],
): OwnershipProblem[] {
  const never = `rule "${name}" can never match`;
  if (part?.always === false) {
    // Maybe a rule that was switched off.
    const message = `${never}: no finding matches ${query.trim()}`;
    return [{ code: "unreachable", severity: "warning", path: ["rules", index, "query"], message }];
  }
  const behind = earlier.findIndex(
    (each) => each.part?.always === true || (part && each.part?.text === part.text),
  );
  const blocking = earlier[behind];
  if (!blocking) return [];
  const all = blocking.part?.always === true;
  const message =
    `${never}: rule ${behind + 1} "${blocking.name}" before it ${all ? "matches everything" : "has the same query"}; ` +
    (all ? `move "${blocking.name}" to the end` : "take one of the two out");
  return [{ code: "unreachable", severity: "error", path: ["rules", index], message }];
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

function listProblems(rules: readonly ReadRule[]): OwnershipProblem[] {
  const last = rules.at(-1);
  if (!last) {
    const message = "there are no rules: declare one at least, with name, query and assignee";
    return [{ code: "emptyRules", severity: "error", path: ["rules"], message }];
  }
  if (rules.some(({ part }) => part?.always === true)) return [];
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
