export const LIMITED_FAMILIES = ["assignee", "search", "users", "teams", "onCall"] as const;

/** Endpoints that share a rate limit. */
export type LimitedFamily = (typeof LIMITED_FAMILIES)[number];

/** `other`: a path that Datadog may have and the emulator has not. */
export type Family = LimitedFamily | "other";

export type HeaderMap = Readonly<Record<string, string>>;

export interface EmulatedRequest {
  readonly method: string;
  /** Path and query, from the leading slash on. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: HeaderMap;
  /** Empty where there is none. */
  readonly body: string;
}

/** A complete HTTP answer. */
export interface Answer {
  readonly kind: "answer";
  readonly status: number;
  /** Names in lower case. */
  readonly headers: HeaderMap;
  /** Bytes only where a fault sends what is no text. */
  readonly body: string | Uint8Array;
}

/** What a caller gets: an answer, or a broken connection in one of its ways. */
export type EmulatedResponse =
  | Answer
  /** The connection is reset, no byte of an answer was sent. */
  | { readonly kind: "reset" }
  /** No answer ever; the connection stays open. */
  | { readonly kind: "hang" }
  /** Headers promise the whole body; the connection breaks half-way. */
  | { readonly kind: "cut"; readonly answer: Answer };

/** An emulated organisation, or a site with several of them. */
export interface RequestHandler {
  handle(request: EmulatedRequest): Promise<EmulatedResponse>;
}

const JSON_API = "application/vnd.api+json";
const PLAIN_JSON = "application/json";

export interface JsonAnswerOptions {
  /** `plain` is what Datadog's gateway and its user endpoints say, `api` its findings endpoints. */
  readonly contentType?: "api" | "plain";
  readonly headers?: HeaderMap;
}

export function jsonAnswer(status: number, body: unknown, options: JsonAnswerOptions = {}): Answer {
  const contentType = options.contentType === "plain" ? PLAIN_JSON : JSON_API;
  return {
    kind: "answer",
    status,
    headers: { "content-type": contentType, ...options.headers },
    body: JSON.stringify(body),
  };
}

export function withHeaders(answer: Answer, headers: HeaderMap): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

export function bodyText(answer: Answer): string {
  return typeof answer.body === "string" ? answer.body : Buffer.from(answer.body).toString("utf8");
}
