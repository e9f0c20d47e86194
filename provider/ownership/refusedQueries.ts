import { ApiError } from "../datadog/errors/apiError";
import type { CheckFailure } from "../engine/checkFailures";
import type { OwnershipSpec } from "../rules/rule";
import type { Session } from "../session/session";
import { RuleError, ruleFailure } from "./ruleError";

/**
 * Names the rules whose query Datadog refuses: its answer to a combined query gives a place in that, and
 * knows no rules. So each rule's own query is asked, a request for each, and the scope.
 * @param error of a combined query
 * @returns the error to throw instead
 */
export async function nameRefusedQueries(
  session: Session,
  { rules, scope }: OwnershipSpec,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof ApiError && error.status === 400)) return error;
  const failures: CheckFailure[] = [];
  for (const [index, { name, query }] of rules.entries()) {
    const problem = await refusalOf(session, query);
    if (problem) failures.push(ruleFailure(index, name, "query", problem));
  }
  const problem = scope === undefined ? undefined : await refusalOf(session, scope);
  if (problem) failures.push({ property: "scope", reason: `scope: ${problem}` });
  return failures.length > 0 ? new RuleError(failures, { cause: error }) : error;
}

async function refusalOf({ api, cancelled }: Session, query: string): Promise<string | undefined> {
  try {
    await api.search({ query, limit: 1, signal: cancelled });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 400)) return undefined;
    const [problem] = error.problems;
    const detail = [problem?.title, problem?.detail].filter(Boolean).join(": ");
    return `Datadog refuses this query: ${detail || error.message}`;
  }
}
