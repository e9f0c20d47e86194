import type { z } from "zod";
import { UnexpectedAnswerError } from "../errors/unexpectedAnswerError";
import type { HttpRequest, HttpResponse, Send } from "../model/transport";
import { jsonBody } from "./jsonBody";
import { responseError } from "./responseError";

export interface JsonAnswer<T> {
  readonly body: T;
  readonly response: HttpResponse;
}

/**
 * Sends a request and parses what comes back.
 * @throws RequestError, whose message says what was expected
 */
export async function requestJson<T>(
  send: Send,
  request: HttpRequest,
  schema: z.ZodType<T>,
): Promise<JsonAnswer<T>> {
  const response = await send(request);
  if (response.status >= 400) throw responseError(response, request);
  const parsed = schema.safeParse(jsonBody(response));
  if (parsed.success) return { body: parsed.data, response };
  const [issue] = parsed.error.issues;
  const problem = `${issue?.path.join(".") || "the body"}: ${issue?.message}`;
  throw new UnexpectedAnswerError(response.status, request, problem, false, response.body);
}
