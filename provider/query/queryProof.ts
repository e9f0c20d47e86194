import { impliedTerm } from "./impliedTerm";
import { conjunction, type Formula, firstTerm, negation, substitute } from "./queryFormula";
import type { TermNode } from "./queryNode";

/** How much work a proof may be, or all proofs that share it. */
export interface ProofBudget {
  /** Comparisons of two terms that are left; at 0 everything is "not proven". */
  comparisons: number;
}

/**
 * Rules as people write them need some hundred comparisons; the bound keeps a pathological query from holding
 * up a deployment for longer than a fraction of a second.
 */
const ENOUGH = 200_000;

/**
 * Whether it is proven that no finding matches all of the formulas. False means "not proven", never
 * "disproven": terms are compared by what they say, and Datadog is not asked.
 */
export function areDisjoint(
  formulas: readonly Formula[],
  budget: ProofBudget = { comparisons: ENOUGH },
): boolean {
  return !canHold(conjunction(formulas), budget);
}

/** Whether it is proven that every finding that matches all of `narrow` matches `wide`. */
export function covers(
  wide: Formula,
  narrow: readonly Formula[],
  budget: ProofBudget = { comparisons: ENOUGH },
): boolean {
  return areDisjoint([...narrow, negation(wide)], budget);
}

/** Goes through the cases "this term is true" and "it is false", term by term, as far as they matter. */
function canHold(formula: Formula, budget: ProofBudget): boolean {
  const term = firstTerm(formula);
  if (term === undefined) return formula !== false;
  return (
    budget.comparisons <= 0 ||
    canHold(assuming(formula, term, true, budget), budget) ||
    canHold(assuming(formula, term, false, budget), budget)
  );
}

function assuming(formula: Formula, known: TermNode, truth: boolean, budget: ProofBudget): Formula {
  return substitute(formula, (term) => {
    budget.comparisons -= 1;
    return impliedTerm(term, known, truth);
  });
}
