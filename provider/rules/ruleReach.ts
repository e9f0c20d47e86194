import { disjunction, type Formula, formulaOf } from "../query/queryFormula";
import { type QueryPart, queryPart } from "../query/queryPart";
import { areDisjoint, covers, type ProofBudget } from "../query/queryProof";
import { QuerySyntaxError } from "../query/querySyntaxError";

/**
 * The work that all proofs about one list of rules may be: enough for some sixty rules of five terms; what is
 * beyond it is not looked at.
 */
const ENOUGH = 100_000;

interface ReadQuery {
  readonly part: QueryPart;
  readonly formula: Formula;
}

/** Why a rule can never match: because nothing does, or because of a rule before it. */
export type NeverMatches =
  | { readonly because: "matchesNothing" | "outsideScope" }
  | {
      readonly because: "everything" | "everythingInScope" | "sameQuery" | "covered";
      /** The place of the rule before it. */
      readonly behind: number;
    };

/**
 * Which rules of a list can match at all. Whatever it says is proven from the queries alone; a rule of which
 * nothing is proven may still be out of reach. Queries that are wrong are told by themselves, and taken for
 * any query here.
 */
export class RuleReach {
  readonly #scope: ReadQuery | undefined;
  readonly #rules: readonly (ReadQuery | undefined)[];
  readonly #budget: ProofBudget = { comparisons: ENOUGH };

  constructor(scope: string | undefined, queries: readonly string[]) {
    this.#scope = read(scope ?? "");
    this.#rules = queries.map(read);
  }

  neverMatches(index: number): NeverMatches | undefined {
    const rule = this.#rules[index];
    if (rule?.part.always === false) return { because: "matchesNothing" };
    if (rule && areDisjoint([rule.formula], this.#budget)) return { because: "matchesNothing" };
    if (rule && areDisjoint([this.#within, rule.formula], this.#budget)) return { because: "outsideScope" };
    for (const [behind, earlier] of this.#rules.slice(0, index).entries()) {
      const because = earlier && this.#hides(earlier, rule);
      if (because) return { because, behind };
    }
    return undefined;
  }

  /** Whether the rules together are proven to match all that is in scope. */
  get leavesNothing(): boolean {
    const readable = this.#rules.filter((rule) => rule !== undefined);
    if (readable.some(({ part }) => part.always === true)) return true;
    return this.#covers(disjunction(readable.map(({ formula }) => formula)), []);
  }

  #hides(earlier: ReadQuery, rule: ReadQuery | undefined) {
    if (earlier.part.always === true) return "everything";
    if (rule && earlier.part.text === rule.part.text) return "sameQuery";
    // A net below rules that leave nothing, for the day when one of them or the scope changes.
    if (rule?.part.always === true) return undefined;
    if (!this.#covers(earlier.formula, rule ? [rule.formula] : [])) return undefined;
    return this.#covers(earlier.formula, []) ? "everythingInScope" : "covered";
  }

  #covers(wide: Formula, narrow: readonly Formula[]): boolean {
    return covers(wide, [this.#within, ...narrow], this.#budget);
  }

  get #within(): Formula {
    return this.#scope?.formula ?? true;
  }
}

/** undefined where the query is wrong, or empty. */
function read(query: string): ReadQuery | undefined {
  try {
    return query.trim() === "" ? undefined : { part: queryPart(query), formula: formulaOf(query) };
  } catch (error) {
    if (error instanceof QuerySyntaxError) return undefined;
    throw error;
  }
}
