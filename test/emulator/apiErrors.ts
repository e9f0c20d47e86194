import { type Answer, jsonAnswer } from "./exchange";

/**
 * How the findings endpoints word an error. `objects` is what was recorded of the sister endpoints, `strings`
 * what the API reference says; a title is missing from some of the recorded objects.
 */
export type ErrorShape = "objects" | "objects-without-title" | "strings";

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  422: "Invalid Request",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

export function titleOf(status: number): string {
  return TITLES[status] ?? "Error";
}

/** An error that an endpoint of the emulator answers with. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(detail);
    this.name = "ApiError";
  }
}

export function findingsErrorAnswer(error: ApiError, shape: ErrorShape): Answer {
  if (shape === "strings") return plainErrorAnswer(error.status, error.detail);
  const title = shape === "objects" ? { title: titleOf(error.status) } : {};
  const entry = { status: String(error.status), ...title, detail: error.detail };
  return jsonAnswer(error.status, { errors: [entry] });
}

/** The gateway (keys, rate limit) and the users endpoints say it so. */
export function plainErrorAnswer(status: number, message: string): Answer {
  return jsonAnswer(status, { errors: [message] }, { contentType: "plain" });
}
