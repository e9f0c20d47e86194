import { type Day, daysBetween } from "../core/day";
import { fieldsOf, type PlacedField } from "../query/fieldsOf";
import { queryHints } from "../query/queryHints";
import { QuerySyntaxError } from "../query/querySyntaxError";
import type { DeclaredRule, OwnershipDeclaration } from "./declaration";
import { ownersProblems } from "./declaredOwners";
import { effectiveQuery, isInForce } from "./effectiveOwnership";
import { type NeverMatches, RuleReach } from "./ruleReach";

export type OwnershipProblemCode =
  | "emptyRules"
  | "duplicateName"
  | "querySyntax"
  | "lowerCaseOperator"
  | "asksForOwner"
  | "hint"
  | "unreachable"
  | "noFallback"
  | "noneInForce"
  | "ended"
  | "endsSoon"
  | "owner"
  | "bound";

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
  /** Today in UTC: rules that have ended count as taken out. */
  readonly day: Day;
  /**
   * Whether owners may be handles, that is any name without spaces, beside e-mails and UUIDs. Default true.
   */
  readonly handles?: boolean;
  /** How to say where the rule with this index stands; default `rule 3`, counted from 1. */
  readonly rulePlace?: (index: number) => string;
}

/** Every problem of a declaration, in the order of its fields. */
export function lintOwnership(declaration: OwnershipDeclaration, options: LintOptions): OwnershipProblem[] {
  const { rules, scope, maxChanges, maxChangesPerOwner } = declaration;
  const list = new LintedRules(declaration, options);
  return [
    ...queryProblems(scope, ["scope"], { mayBeEmpty: true }),
    ...rules.flatMap((rule, index) => [
      ...ruleProblems(list, rule, index, options.handles ?? true),
      ...endProblems(declaration, index, options.day),
    ]),
    ...listProblems(list),
    ...boundProblems({ maxChanges, maxChangesPerOwner }),
  ];
}

/** The rules of a declaration, and which of them can match among those that are in force. */
class LintedRules {
  readonly rules: readonly DeclaredRule[];
  /** Places of the rules in force, from 0. */
  readonly inForce: readonly number[];
  readonly place: (index: number) => string;
  readonly reach: RuleReach;

  constructor({ rules, scope }: OwnershipDeclaration, { day, rulePlace }: LintOptions) {
    this.rules = rules;
    this.inForce = [...rules.keys()].filter((index) => {
      const rule = rules[index];
      return rule !== undefined && isInForce(rule, day);
    });
    this.place = rulePlace ?? ((index) => `rule ${index + 1}`);
    this.reach = new RuleReach(
      scope,
      this.inForce.map((index) => readableQuery(rules[index])),
    );
  }

  name(index: number): string {
    return this.rules[index]?.name ?? "";
  }

  /** Why a rule in force can never match; the rule before it by its place in the whole list. */
  neverMatches(index: number): NeverMatches | undefined {
    const place = this.inForce.indexOf(index);
    const never = place < 0 ? undefined : this.reach.neverMatches(place);
    if (!never || !("behind" in never)) return never;
    return { ...never, behind: this.inForce[never.behind] ?? never.behind };
  }
}

/** A query that is wrong stays as it is, and is told by itself. */
function readableQuery(rule: DeclaredRule | undefined): string {
  try {
    return rule ? effectiveQuery(rule) : "";
  } catch (error) {
    if (error instanceof QuerySyntaxError) return rule?.query ?? "";
    throw error;
  }
}

function ruleProblems(
  list: LintedRules,
  rule: DeclaredRule,
  index: number,
  handles: boolean,
): OwnershipProblem[] {
  const namesake = list.rules.findIndex(({ name }) => name === rule.name);
  const problems: OwnershipProblem[] = [];
  if (namesake < index) {
    const message = `duplicate rule name "${rule.name}": ${list.place(namesake)} has it already; name each rule once`;
    problems.push({ code: "duplicateName", severity: "error", path: ["rules", index, "name"], message });
  }
  problems.push(...queryProblems(rule.query, ["rules", index, "query"]));
  const never = list.neverMatches(index);
  if (never) problems.push(unreachable(list, index, never));
  const owners = ownersProblems(rule, { handles }).map<OwnershipProblem>(({ path, message }) => ({
    code: "owner",
    severity: "error",
    path: ["rules", index, ...path],
    message,
  }));
  return [...problems, ...owners];
}

function unreachable(list: LintedRules, index: number, never: NeverMatches): OwnershipProblem {
  const name = list.name(index);
  if (!("behind" in never)) {
    // Maybe a rule that was switched off.
    const nothing = never.because === "outsideScope" ? "no finding in scope matches" : "no finding matches";
    const query = readableQuery(list.rules[index]).trim();
    const message = `rule "${name}" can never match: ${nothing} ${query}`;
    return { code: "unreachable", severity: "warning", path: ["rules", index, "query"], message };
  }
  const blocking = list.name(never.behind);
  const [does, advice] = {
    everything: ["matches everything", `move "${blocking}" to the end`],
    everythingInScope: ["matches everything in scope", `move "${blocking}" to the end`],
    sameQuery: ["has the same query", "take one of the two out"],
    covered: ["matches all that it matches", `move "${name}" before "${blocking}", or take it out`],
  }[never.because];
  const message = `rule "${name}" can never match: ${list.place(never.behind)} "${blocking}" before it ${does}; ${advice}`;
  return { code: "unreachable", severity: "error", path: ["rules", index], message };
}

/** So many days before its last one a rule is said to end soon. */
const ENDS_SOON_DAYS = 14;

function endProblems(
  { rules, releaseRemoved = false }: OwnershipDeclaration,
  index: number,
  day: Day,
): OwnershipProblem[] {
  const { name, until, enabled = true } = rules[index] ?? { name: "" };
  if (until === undefined || !enabled) return [];
  const left = daysBetween(day, until);
  if (left > ENDS_SOON_DAYS) return [];
  const afterwards = releaseRemoved
    ? "its findings are released"
    : "its findings stay with their owner, unless releaseRemoved is true";
  const message =
    left < 0
      ? `rule "${name}" ended on ${until} and counts as taken out: take it out, or set a later day`
      : `rule "${name}" ends on ${until}, ${inDays(left)}: then it counts as taken out, and ${afterwards}`;
  const code = left < 0 ? "ended" : "endsSoon";
  return [{ code, severity: "warning", path: ["rules", index, "until"], message }];
}

function inDays(days: number): string {
  if (days === 0) return "today";
  return days === 1 ? "in 1 day" : `in ${days} days`;
}

function queryProblems(
  query: string | undefined,
  path: OwnershipProblem["path"],
  { mayBeEmpty = false } = {},
): OwnershipProblem[] {
  if (query === undefined || (mayBeEmpty && query.trim() === "")) return [];
  try {
    const fields = fieldsOf(query);
    return [...ownerConditions(fields, path), ...lowerCaseOperators(query, path), ...hints(query, path)];
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    return [{ code: "querySyntax", severity: "error", path, message: error.message, offset: error.offset }];
  }
}

/** What rules assign, such a query finds no more: neither the next deployment nor a destroy would know it. */
function ownerConditions(fields: readonly PlacedField[], path: OwnershipProblem["path"]): OwnershipProblem[] {
  const asking = fields.find(
    ({ field }) => field.attribute && /^workflow\.triage\.assignee\b/.test(field.name),
  );
  if (!asking) return [];
  const message =
    `@${asking.field.name} asks who owns a finding, which is what rules change: select findings by other attributes or tags; ` +
    "a rule without overwrite takes only findings that nobody owns; to take over the findings of one user, list them with " +
    "getFindings and declare a FindingsAssignment";
  return [{ code: "asksForOwner", severity: "error", path, message, offset: asking.start }];
}

/** Attributes without their @, typos. */
function hints(query: string, path: OwnershipProblem["path"]): OwnershipProblem[] {
  return queryHints(query).map(({ message, start }) => ({
    code: "hint",
    severity: "warning",
    path,
    message,
    offset: start,
  }));
}

function lowerCaseOperators(query: string, path: OwnershipProblem["path"]): OwnershipProblem[] {
  const word = /(?<=^|[\s(])(?:and|or|not)(?=$|[\s)])/.exec(withoutQuoted(query));
  if (!word) return [];
  const message = `"${word[0]}" is a word to search for: the operator is ${word[0].toUpperCase()}`;
  return [{ code: "lowerCaseOperator", severity: "warning", path, message, offset: word.index }];
}

function listProblems({ rules, inForce, reach }: LintedRules): OwnershipProblem[] {
  if (rules.length === 0) {
    const message = "there are no rules: declare one at least, with name, query and assignee";
    return [{ code: "emptyRules", severity: "error", path: ["rules"], message }];
  }
  const last = inForce.at(-1);
  if (last === undefined) {
    const message = "no rule is in force: each of them is switched off or has ended";
    return [{ code: "noneInForce", severity: "warning", path: ["rules"], message }];
  }
  if (reach.leavesNothing) return [];
  const message =
    "no rule matches everything: what none of them claims stays unowned; " +
    'end with a rule whose query is "*", or narrow scope to what these rules cover';
  return [{ code: "noFallback", severity: "warning", path: ["rules"], message }];
}

function boundProblems(bounds: Readonly<Record<string, number | undefined>>): OwnershipProblem[] {
  return Object.entries(bounds).flatMap(([name, bound]) => {
    if (bound === undefined || (Number.isSafeInteger(bound) && bound >= 0)) return [];
    const message = `${name} is ${bound}: a whole number of findings is needed, 0 or more`;
    return [{ code: "bound", severity: "error", path: [name], message }];
  });
}

/** Quoted values blanked out, so that places stay as they are. */
function withoutQuoted(query: string): string {
  return query.replace(/"(?:[^"\\]|\\.)*"|\\./gs, (text) => "x".repeat(text.length));
}
