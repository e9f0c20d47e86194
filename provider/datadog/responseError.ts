import { ApiError, type ApiProblem } from "./errors/apiError";
import { PermissionError } from "./errors/permissionError";
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

function problemsOf(response: HttpResponse): ApiProblem[] {
  try {
    return apiErrors.parse(JSON.parse(response.body)).errors;
  } catch {
    const text = response.body
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
    return text === "" ? [] : [{ title: "", detail: text.slice(0, 200) }];
  }
}
