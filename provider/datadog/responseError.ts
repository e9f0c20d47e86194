import { ApiError, type ApiProblem } from "./errors/apiError";
import { PermissionError } from "./errors/permissionError";
import { plainText } from "./plainText";
import { apiErrors } from "./schemas";
import type { HttpRequest, HttpResponse } from "./transport";

/** The error of an answer with a status of 400 or more, whatever its body is. */
export function responseError(response: HttpResponse, request: HttpRequest): ApiError {
  const problems = problemsOf(response);
  if (response.status === 401 || response.status === 403) {
    return new PermissionError(response.status, problems, request);
  }
  const advice =
    response.status === 429 ? "the rate limit is shared by the whole organisation; try again later" : "";
  return new ApiError(response.status, problems, request, advice);
}

/** Of a body that is no JSON, in characters. */
const READ = 20_000;
const SHOWN = 200;

function problemsOf(response: HttpResponse): ApiProblem[] {
  try {
    return apiErrors.parse(JSON.parse(response.body)).errors;
  } catch {
    const text = response.body
      .slice(0, READ)
      // Neither bracket within: a page of nothing but "<" would take the square of its length.
      .replace(/<[^<>]*>/g, " ")
      .replace(/[\s\p{Cc}]+/gu, " ")
      .trim();
    return text === "" ? [] : [{ title: "", detail: plainText(text.slice(0, SHOWN)) }];
  }
}
