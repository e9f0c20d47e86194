import type { ResourceValidationPolicy } from "@pulumi/policy";
import { z } from "zod";
import { formulaOf } from "../query/queryFormula";
import { covers } from "../query/queryProof";
import {
  type DeclaredOwnership,
  declaredOwnership,
  known,
  type PlacedRule,
  rulesOf,
  ruleTitle,
} from "./declared";
import { unknown } from "./knownValues";
import type { PolicyOptions } from "./policyOptions";
import { isQuery, readableFormula } from "./policyQuery";
import { policySettings } from "./policySettings";

const NEEDED = "a query in Datadog's search syntax is needed, like @severity:critical";

const settingsSchema = z.strictObject({
  fallback: z
    .array(z.string(NEEDED).refine(isQuery, NEEDED), "a list of queries is needed")
    .default([])
    .describe(
      "Queries that a fallback rule may be limited to, beside a rule that takes everything in scope.",
    ),
});

export interface RequireFallbackRuleOptions extends PolicyOptions {
  /**
   * Queries of which it is enough that the last rule takes them: with `["@severity:critical"]`, the last rule
   * has to take at least every critical finding in scope. Default: none, and the last rule has to take
   * everything in scope.
   */
  readonly fallback?: readonly string[] | undefined;
}

/**
 * Every `FindingsOwnership` ends with a fallback rule, so that no finding stays without an owner because no
 * rule names it.
 *
 * A fallback rule is a last rule that takes everything in scope: its query is `*`, or it is proven to match
 * whatever `scope` matches, such as `@status:open` within the scope `@status:open env:prod`. Use `fallback`
 * where only a part of the findings needs an owner in any case: then a last rule is enough that is proven to
 * match one of these queries within the scope. What cannot be proven from the queries alone is refused.
 */
export function requireFallbackRule(options: RequireFallbackRuleOptions = {}): ResourceValidationPolicy {
  const { fallback: given, ...rest } = options;
  const { base, settings } = policySettings(
    {
      name: "findings-fallback-rule",
      displayName: "Ownerships end with a fallback rule",
      description: "The last rule of an ownership must take what the others leave.",
      severity: "medium",
    },
    settingsSchema,
    { ...rest, ...(given && { fallback: [...given] }) },
  );
  return {
    ...base,
    validateResource: (args, reportViolation) => {
      const { fallback } = settings(args);
      const ownership = declaredOwnership(args);
      if (ownership === undefined || ownership.rules === unknown) return;
      const problem = problemOf(ownership, fallback);
      if (problem) reportViolation(`Ownership "${args.name}" ${problem} ${advice(fallback)}`);
    },
  };
}

function problemOf(ownership: DeclaredOwnership, fallback: readonly string[]): string | undefined {
  const declared = known(ownership.rules, []);
  const last = rulesOf(ownership).at(-1);
  if (declared.length === 0) return "has no rules.";
  if (last === undefined || last.place < declared.length) return undefined;
  return isFallback(last, ownership, fallback)
    ? undefined
    : `ends with ${ruleTitle(last)}, whose query "${known(last.rule.query, "")}" is no fallback.`;
}

/** A query or scope that is not known yet is left to the deployment. */
function isFallback(
  { rule }: PlacedRule,
  { scope }: DeclaredOwnership,
  fallback: readonly string[],
): boolean {
  if (rule.query === unknown || scope === unknown) return true;
  const taken = readableFormula(known(rule.query, ""));
  if (taken === undefined) return false;
  const within = readableFormula(known(scope, "")) ?? true;
  return covers(taken, [within]) || fallback.some((query) => covers(taken, [within, formulaOf(query)]));
}

function advice(fallback: readonly string[]): string {
  const queries = fallback.map((query) => `"${query}"`).join(" or ");
  return `Add a last rule with the query "*"${queries && `, or one that takes at least ${queries}`}, for whoever is to own the rest.`;
}
