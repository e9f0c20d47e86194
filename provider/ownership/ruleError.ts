import type { CheckFailure } from "../engine/checkFailures";

/**
 * What only Datadog can tell is wrong with rules: an owner whom it does not know, a query that it refuses.
 */
export class RuleError extends Error {
  override readonly name = "RuleError";

  /** @param failures with the property that each is about, as those that need no request */
  constructor(
    readonly failures: readonly CheckFailure[],
    options?: ErrorOptions,
  ) {
    super(failures.map(({ reason }) => reason).join("\n"), options);
  }
}

/** @param field of the rule */
export function ruleFailure(index: number, ruleName: string, field: string, problem: string): CheckFailure {
  const property = `rules[${index}].${field}`;
  return { property, reason: `${property}: rule "${ruleName}": ${problem}` };
}
