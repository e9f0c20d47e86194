import type { FindingProblem } from "../findingsApi";
import { ApiError, type ApiProblem } from "./apiError";
import { RequestError } from "./requestError";

export { ApiError, type ApiProblem } from "./apiError";
export { ConfigurationError } from "./configurationError";
export { ConnectionError } from "./connectionError";
export { MissingCredentialsError } from "./missingCredentialsError";
export { PermissionError } from "./permissionError";
export { RequestError } from "./requestError";
export { UnexpectedAnswerError } from "./unexpectedAnswerError";
export { UserLookupError } from "./userLookupError";

export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}

/** Whether a 404 is about the user and not about a finding: then it holds for every finding alike. */
export function speaksOfAssignee(error: unknown): boolean {
  const problems: readonly unknown[] = error instanceof ApiError ? error.problems : [error];
  return problems.some(
    (problem) => isProblem(problem) && /\b(assignee|user)\b/i.test(`${problem.title} ${problem.detail}`),
  );
}

/** Whether Datadog may have done what was asked, although no answer says so. */
export function isAmbiguous(error: unknown): boolean {
  return error instanceof RequestError && error.ambiguous;
}

/** What to note for each finding of a request that failed as a whole. */
export function problemOf(error: unknown): Omit<FindingProblem, "findingId"> {
  if (error instanceof ApiError) {
    const [first] = error.problems;
    const title = first?.title || "";
    return { status: error.status, title, detail: first?.detail || error.message };
  }
  if (error instanceof Error) return { status: 0, title: error.name, detail: error.message };
  return { status: 0, title: "Error", detail: String(error) };
}

function isProblem(value: unknown): value is ApiProblem {
  return typeof value === "object" && value !== null && "title" in value && "detail" in value;
}
