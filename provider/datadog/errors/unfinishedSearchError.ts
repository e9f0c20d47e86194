import type { HttpRequest } from "../model/transport";
import { RequestError } from "./requestError";

/** Datadog answered a search before it was done: what it found may be less than there is. */
export class UnfinishedSearchError extends RequestError {
  override readonly name = "UnfinishedSearchError";

  /** @param status as the answer's `meta.status` says, such as "timeout" */
  constructor(
    readonly status: string,
    request: Pick<HttpRequest, "method" | "path">,
  ) {
    super(
      `Datadog's answer to ${request.method} ${request.path} is incomplete (its status is "${status}", not "done"); try again later`,
      false,
      true,
    );
  }
}
