import type { ResourceValidationPolicy } from "@pulumi/policy";
import { z } from "zod";
import { type Formula, formulaOf, negation } from "../query/queryFormula";
import { areDisjoint } from "../query/queryProof";
import { type Declared, declaredOwnership, known, type PlacedRule, rulesOf, ruleTitle } from "./declared";
import { unknown } from "./knownValues";
import type { PolicyOptions } from "./policyOptions";
import { isQuery, readableFormula } from "./policyQuery";
import { policySettings } from "./policySettings";

const NEEDED = "a query in Datadog's search syntax is needed, like team:legal";

const settingsSchema = z.strictObject({
  query: z
    .string(NEEDED)
    .refine(isQuery, NEEDED)
    .optional()
    .describe("The findings whose owners no rule may overwrite, as a query."),
});

export interface NoOverwriteOnProtectedOptions extends PolicyOptions {
  /** The protected findings, as a query in Datadog's search syntax, such as `"team:legal"`. */
  readonly query?: string | undefined;
}

/**
 * No rule of a `FindingsOwnership` has `overwrite: true` on findings of the protected query.
 *
 * Use it where people assign by hand and that has to stay. A rule with `overwrite: true` is refused unless it
 * is proven, from the queries alone, that it can take no protected finding: because the `scope`, the rule's
 * own query or an earlier rule leaves them out. Proven is what follows from negations (`-team:legal`), from
 * different values of an attribute that has one value (`@severity`, `@status`, `@finding_type`,
 * `@finding_id`), from wildcards and presence (`team:*`), and from AND, OR and NOT; what depends on free
 * text, or on tags that merely differ (a finding can be of two teams), is not proven. Without `query`, from
 * argument or configuration, nothing is protected. A `FindingsAssignment` names its findings one by one, and
 * is not judged.
 */
export function noOverwriteOnProtected(
  options: NoOverwriteOnProtectedOptions = {},
): ResourceValidationPolicy {
  const { base, settings } = policySettings(
    {
      name: "findings-no-overwrite-on-protected",
      displayName: "Owners of protected findings stay",
      description: "A rule must not overwrite the owners of protected findings.",
      severity: "high",
    },
    settingsSchema,
    options,
  );
  return {
    ...base,
    validateResource: (args, reportViolation) => {
      const { query } = settings(args);
      const ownership = declaredOwnership(args);
      if (query === undefined || ownership === undefined) return;
      const rules = rulesOf(ownership);
      for (const placed of rules.filter(({ rule }) => rule.overwrite === true)) {
        const earlier = rules.filter(({ place }) => place < placed.place);
        if (!leavesOut(query, placed, earlier, ownership.scope)) {
          reportViolation(refusal(args.name, placed, query));
        }
      }
    },
  };
}

/** First match wins: a rule takes what is in scope, what it matches, and what no earlier rule matches. */
function leavesOut(
  query: string,
  { place, rule }: PlacedRule,
  earlier: readonly PlacedRule[],
  scope: Declared<string>,
): boolean {
  const queries = [scope, rule.query, ...earlier.map((each) => each.rule.query)];
  if (queries.includes(unknown) || earlier.length < place - 1) return true;
  return areDisjoint([
    formulaOf(query),
    atMost(scope),
    atMost(rule.query),
    ...earlier.map((each) => negation(atLeast(each.rule.query))),
  ]);
}

/**
 * A query that cannot be read could match anything, and proves nothing; the ownership's own check reports it.
 */
const atMost = (query: Declared<string>): Formula => readableFormula(known(query, "")) ?? true;
const atLeast = (query: Declared<string>): Formula =>
  typeof query === "string" ? (readableFormula(query) ?? false) : false;

function refusal(name: string, placed: PlacedRule, query: string): string {
  return (
    `In ownership "${name}", ${ruleTitle(placed)} has overwrite: true, and its query ` +
    `"${known(placed.rule.query, "")}" may match findings that are protected by "${query}". ` +
    `Leave them out with -(${query}) in the rule or the scope, or drop overwrite.`
  );
}
