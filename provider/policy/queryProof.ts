import type { TermNode } from "../core/query/queryNode";
import { impliedTerm } from "./impliedTerm";
import { conjunction, type Formula, firstTerm, negation, substitute } from "./queryFormula";

/**
 * How many cases are looked at before the answer is "not proven". Rules as people write them need a few dozen; the bound keeps
 * a pathological query from holding up a deployment.
 */
const maxCases = 5_000;

/**
 * Whether it is proven that no finding matches all of the formulas. False means "not proven", never "disproven":
 * terms are compared by what they say, and Datadog is not asked.
 */
export function areDisjoint(...formulas: readonly Formula[]): boolean {
  return !canHold(conjunction(formulas), { left: maxCases });
}

/** Whether it is proven that every finding that matches all of `narrow` matches `wide`. */
export function covers(wide: Formula, ...narrow: readonly Formula[]): boolean {
  return areDisjoint(...narrow, negation(wide));
}

/** Goes through the cases "this term is true" and "it is false", term by term, as far as they matter. */
function canHold(formula: Formula, cases: { left: number }): boolean {
  const term = firstTerm(formula);
  if (term === undefined) return formula !== false;
  if (cases.left === 0) return true;
  cases.left -= 1;
  return canHold(assuming(formula, term, true), cases) || canHold(assuming(formula, term, false), cases);
}

const assuming = (formula: Formula, known: TermNode, truth: boolean) =>
  substitute(formula, (term) => impliedTerm(term, known, truth));
