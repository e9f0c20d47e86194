import { ApiError, type ApiProblem } from "../errors/apiError";
import { GATEWAY_REFUSAL, PermissionError } from "../errors/permissionError";
import { plainText } from "../model/plainText";
import type { HttpRequest, HttpResponse } from "../model/transport";
import { apiErrors } from "./errorBody";
import { jsonBody } from "./jsonBody";

/** The error of an answer with a status of 400 or more, whatever its body is. */
export function responseError(response: HttpResponse, request: HttpRequest): ApiError {
  const problems = problemsOf(response);
  if (response.status === 401 || response.status === 403) {
    const isPage = /^\s*<(!doctype|html)/i.test(response.body);
    const refusal = { title: GATEWAY_REFUSAL, detail: problems[0]?.detail ?? "" };
    return new PermissionError(response.status, isPage ? [refusal] : problems, request);
  }
  const advice =
    response.status === 429 ? "the rate limit is shared by the whole organisation; try again later" : "";
  return new ApiError(response.status, problems, request, advice);
}

/** Of a body that is not JSON. */
const READ_CHARACTERS = 20_000;
const SHOWN_CHARACTERS = 200;

function problemsOf(response: HttpResponse): ApiProblem[] {
  const stated = apiErrors.safeParse(jsonBody(response));
  if (stated.success) return stated.data.errors;
  const text = response.body
    .slice(0, READ_CHARACTERS)
    // Neither bracket within: a page of nothing but "<" would take the square of its length.
    .replace(/<[^<>]*>/g, " ")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return text === "" ? [] : [{ title: "", detail: plainText(text.slice(0, SHOWN_CHARACTERS)) }];
}
