import type { HttpRequest } from "../model/transport";
import { RequestError } from "./requestError";

export interface ApiProblem {
  readonly title: string;
  readonly detail: string;
}

/** Datadog refused a request, or failed to serve it. */
export class ApiError extends RequestError {
  override readonly name: string = "ApiError";

  constructor(
    readonly status: number,
    readonly problems: readonly ApiProblem[],
    request: Pick<HttpRequest, "method" | "path">,
    advice = "",
  ) {
    const path = request.path.split("?")[0];
    super(
      `Datadog answered ${request.method} ${path} with ${[status, describe(problems)].join(" ").trim()}${advice && `; ${advice}`}`,
      status >= 500,
      status === 429 || status === 408 || status >= 500,
    );
  }
}

function describe(problems: readonly ApiProblem[]): string {
  const texts = problems.slice(0, 3).map(({ title, detail }) => [title, detail].filter(Boolean).join(": "));
  return texts.join("; ");
}
