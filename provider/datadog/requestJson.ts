import type { z } from "zod";
import { UnexpectedAnswerError } from "./errors/unexpectedAnswerError";
import { responseError } from "./responseError";
import type { HttpRequest, Send } from "./transport";

export interface JsonAnswer<T> {
  readonly body: T;
  /** The `Date` header, ms since the epoch; undefined where there is none. */
  readonly date: number | undefined;
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
  const parsed = schema.safeParse(parseJson(response.body));
  if (parsed.success) {
    const date = Date.parse(response.headers.date ?? "");
    return { body: parsed.data, date: Number.isNaN(date) ? undefined : date };
  }
  const [issue] = parsed.error.issues;
  const problem = `${issue?.path.join(".") || "the body"}: ${issue?.message}`;
  throw new UnexpectedAnswerError(response.status, request, problem, false, response.body);
}

/** undefined, which no schema accepts, where the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
