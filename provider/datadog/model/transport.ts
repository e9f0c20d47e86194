/** The rate limit that Datadog counts a request against: limits are per organisation and endpoint. */
export type EndpointFamily = "assignee" | "search" | "users" | "teams" | "onCall";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** Path and query, from the leading slash on; the base URL and the keys are the transport's business. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly family: EndpointFamily;
  readonly signal?: AbortSignal;
  /**
   * Makes the body anew when the request may go: the rate limit may have held it back for long. What this
   * throws, the request throws.
   */
  readonly bodyAtLast?: () => Promise<unknown>;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The undecoded text: parsing is the endpoint's business. */
  readonly body: string;
  /** Set where an earlier try of the request got no answer: Datadog may have done then what was asked. */
  readonly afterUnclearTry?: true;
}

/**
 * One request, one answer. What does retries, rate limits or logging wraps such a function and is one itself,
 * ignorant of what is requested; undici is at the innermost end, or in tests an emulator without a socket.
 */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;
