import type { HttpRequest } from "../model/transport";
import { RequestError } from "./requestError";

/**
 * An answer that is not what the endpoint gives: an HTML page, cut JSON, another shape, a redirect, too many
 * bytes.
 */
export class UnexpectedAnswerError extends RequestError {
  override readonly name = "UnexpectedAnswerError";

  /**
   * @param passing whether it may be better at the next try: broken text may, a well-formed answer of another
   * shape not
   */
  constructor(
    readonly status: number,
    request: Pick<HttpRequest, "method" | "path">,
    problem: string,
    passing: boolean,
    body = "",
  ) {
    const path = request.path.split("?")[0];
    super(
      `unexpected answer to ${request.method} ${path} (status ${status}): ${problem}${excerpt(body)}; ` +
        "either a proxy or gateway answered in place of Datadog, or Datadog has changed this endpoint",
      true,
      passing,
    );
  }
}

const SHOWN_CHARACTERS = 200;

/** The beginning of a body with control characters escaped, for a message. */
function excerpt(body: string): string {
  if (body === "") return "";
  const shown = JSON.stringify(body.slice(0, SHOWN_CHARACTERS)).replace(LEFT_BY_JSON, escaped);
  return `; it begins with ${shown}${body.length > SHOWN_CHARACTERS ? " …" : ""}`;
}

/**
 * What `JSON.stringify` lets through: the upper control characters, and those that turn the direction of
 * writing.
 */
const LEFT_BY_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
