import { firstMatch } from "../query/firstMatch";
import { all, not, type QueryPart } from "../query/queryPart";
import { packRuns, type RunQuery } from "./packRuns";

/**
 * Asks of an ordered list of rules for the findings whose first matching rule says `then`, in as few queries
 * as `longest` characters each allow: "within, none of the rules before the run, and in the run the first
 * that matches holds".
 */
export function ruleRuns<Rule extends { readonly query: QueryPart }>(
  rules: readonly Rule[],
  within: QueryPart,
  then: (rule: Rule) => QueryPart,
  longest: number,
): RunQuery[] {
  return packRuns(rules.length, longest, (from, to) => {
    const earlier = rules.slice(0, from).map(({ query }) => not(query));
    const cases = rules.slice(from, to).map((rule) => ({ query: rule.query, then: then(rule) }));
    return all([within, ...earlier, firstMatch(cases)]).text;
  });
}
