import { type FindingFacts, matchesQuery } from "./matchesQuery";
import { parseQuery } from "./parseQuery";
import type { QueryNode, TermNode } from "./queryNode";

/** A query as logic: what is decided whatever the finding is a constant, parentheses are gone. */
export type Formula =
  | boolean
  | TermNode
  | { readonly kind: "not"; readonly operand: Formula }
  | { readonly kind: "and" | "or"; readonly operands: readonly Formula[] };

const nothingKnown: FindingFacts = { attribute: () => undefined, tags: undefined };

/**
 * Nothing written is everything, as in a `scope` that is left out.
 * @throws QuerySyntaxError
 */
export function formulaOf(query: string): Formula {
  return query.trim() === "" ? true : simplified(parseQuery(query));
}

function simplified(node: QueryNode): Formula {
  switch (node.kind) {
    case "term": {
      const match = matchesQuery(node, nothingKnown);
      return match === "unknown" ? node : match;
    }
    case "group":
      return simplified(node.operand);
    case "not":
      return negation(simplified(node.operand));
    default:
      return combination(node.kind, node.operands.map(simplified));
  }
}

export function negation(operand: Formula): Formula {
  return typeof operand === "boolean" ? !operand : { kind: "not", operand };
}

export function conjunction(operands: readonly Formula[]): Formula {
  return combination("and", operands);
}

export function disjunction(operands: readonly Formula[]): Formula {
  return combination("or", operands);
}

function combination(kind: "and" | "or", all: readonly Formula[]): Formula {
  const decisive = kind === "or";
  const operands = all.filter((operand) => operand !== !decisive);
  if (operands.includes(decisive)) return decisive;
  const [first = !decisive, ...others] = operands;
  return others.length === 0 ? first : { kind, operands };
}

/** The formula with the terms that `decide` decides replaced by their truth; itself where it decides none. */
export function substitute(formula: Formula, decide: (term: TermNode) => boolean | undefined): Formula {
  if (typeof formula === "boolean") return formula;
  if (formula.kind === "term") return decide(formula) ?? formula;
  if (formula.kind === "not") {
    const operand = substitute(formula.operand, decide);
    return operand === formula.operand ? formula : negation(operand);
  }
  const operands = formula.operands.map((operand) => substitute(operand, decide));
  const same = operands.every((operand, index) => operand === formula.operands[index]);
  return same ? formula : combination(formula.kind, operands);
}

/** The first term that is not decided yet; undefined if the formula is a constant. */
export function firstTerm(formula: Formula): TermNode | undefined {
  if (typeof formula === "boolean") return undefined;
  if (formula.kind === "term") return formula;
  if (formula.kind === "not") return firstTerm(formula.operand);
  for (const operand of formula.operands) {
    const term = firstTerm(operand);
    if (term) return term;
  }
  return undefined;
}
