import type { HttpResponse } from "../model/transport";

const parsed = new WeakMap<Pick<HttpResponse, "body">, unknown>();

/**
 * The body of an answer as JSON, parsed once, however many ask; undefined, which is no JSON, where the text
 * is none.
 */
export function jsonBody(response: Pick<HttpResponse, "body">): unknown {
  if (!parsed.has(response)) parsed.set(response, parse(response.body));
  return parsed.get(response);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
