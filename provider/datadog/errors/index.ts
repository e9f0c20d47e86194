import type { FindingProblem } from "../model/findingsApi";
import { ApiError, type ApiProblem } from "./apiError";
import { ConfigurationError } from "./configurationError";
import { ConnectionError } from "./connectionError";
import { MissingCredentialsError } from "./missingCredentialsError";
import { RequestError } from "./requestError";
import { UnexpectedAnswerError } from "./unexpectedAnswerError";
import { UnfinishedSearchError } from "./unfinishedSearchError";

export { ApiError, type ApiProblem } from "./apiError";
export { ConfigurationError } from "./configurationError";
export { ConnectionError } from "./connectionError";
export { MissingCredentialsError } from "./missingCredentialsError";
export { OnCallUnavailableError } from "./onCallUnavailableError";
export { GATEWAY_REFUSAL, PermissionError } from "./permissionError";
export { RequestError } from "./requestError";
export { TeamLookupError } from "./teamLookupError";
export { UnexpectedAnswerError } from "./unexpectedAnswerError";
export { UnfinishedSearchError } from "./unfinishedSearchError";
export { UserLookupError } from "./userLookupError";

export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}

/**
 * Whether a 404 is about the user and not about a finding: then it holds for every finding alike.
 * @param findingIds that were sent: what is part of an id says nothing
 */
export function speaksOfAssignee(error: unknown, findingIds: readonly string[] = []): boolean {
  return textsOf(error, findingIds).some((text) => /\b(assignee|user)\b/i.test(text) && !FINDING.test(text));
}

/** Whether a 404 is about a finding: then the endpoint is there, and the user is not what is missing. */
export function speaksOfFinding(error: unknown, findingIds: readonly string[] = []): boolean {
  return textsOf(error, findingIds).some((text) => FINDING.test(text));
}

const FINDING = /\bfindings?\b/i;

/**
 * What an error says, without ids, and without paths: that of the endpoint names both findings and assignee.
 */
function textsOf(error: unknown, findingIds: readonly string[]): string[] {
  const ids = new Set(findingIds);
  const problems: readonly unknown[] = error instanceof ApiError ? error.problems : [error];
  return problems.filter(isProblem).map(({ title, detail }) =>
    `${title} ${detail}`
      .split(/[\s"'`,;()[\]]+/)
      .filter((word) => !word.includes("/") && !ids.has(word) && !ids.has(word.replace(/[.:]+$/, "")))
      .join(" "),
  );
}

/** Why a request is sent again, in a word: "503", "ECONNRESET". */
export function retryReason(error: RequestError): string {
  if (error instanceof ApiError) return String(error.status);
  if (error instanceof ConnectionError) return error.code;
  return error instanceof UnfinishedSearchError ? "an unfinished search" : "an unusable answer";
}

/** Whether Datadog may have done what was asked, although no answer says so. */
export function isAmbiguous(error: unknown): boolean {
  return error instanceof RequestError && error.ambiguous;
}

/** Titles of what is no answer of Datadog's to a finding: advice goes by them. */
export const MISSING_KEYS = "Missing keys";
export const WRONG_SETTING = "Wrong setting";
export const UNEXPECTED_ANSWER = "Unexpected answer";

function titleOf(error: Error): string {
  if (error instanceof MissingCredentialsError) return MISSING_KEYS;
  if (error instanceof ConfigurationError) return WRONG_SETTING;
  if (error instanceof UnexpectedAnswerError) return UNEXPECTED_ANSWER;
  return error instanceof ConnectionError ? "No answer" : error.name;
}

/** What to note for each finding of a request that failed as a whole. */
export function problemOf(error: unknown): Omit<FindingProblem, "findingId"> {
  if (error instanceof ApiError) {
    const [first] = error.problems;
    const title = first?.title || "";
    return { status: error.status, title, detail: first?.detail || error.message };
  }
  if (error instanceof Error) return { status: 0, title: titleOf(error), detail: error.message };
  return { status: 0, title: "Error", detail: String(error) };
}

function isProblem(value: unknown): value is ApiProblem {
  return typeof value === "object" && value !== null && "title" in value && "detail" in value;
}
