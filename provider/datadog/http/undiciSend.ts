import { Agent, type Dispatcher, EnvHttpProxyAgent, request as undiciRequest } from "undici";
import { ConfigurationError } from "../errors/configurationError";
import { ConnectionError } from "../errors/connectionError";
import { UnexpectedAnswerError } from "../errors/unexpectedAnswerError";
import type { HttpRequest, HttpResponse, Send } from "../model/transport";
import type { Credentials } from "./credentials";
import { type DatadogSettings, isLoopback } from "./settings";
import { version } from "./version";

/** More than any page of findings has: beyond it the answer is not read. */
export const RESPONSE_LIMIT_BYTES = 32 * 1024 * 1024;

export interface UndiciSendOptions {
  readonly settings: Pick<DatadogSettings, "baseUrl" | "hostSetting" | "credentials">;
  /** Default: a pool that honours HTTPS_PROXY, HTTP_PROXY and NO_PROXY; loopback goes direct. */
  readonly dispatcher?: Dispatcher;
}

const userAgent = `pulumi-datadog-findings/${version} (node ${process.versions.node}; ${process.platform})`;

/**
 * The innermost `Send`: the keys join the request here and go to the configured host only, redirects are not
 * followed.
 * @throws MissingCredentialsError, ConnectionError, UnexpectedAnswerError; at once, ConfigurationError for a
 * proxy that is no URL
 */
export function undiciSend({ settings, ...options }: UndiciSendOptions): Send {
  const { baseUrl, hostSetting, credentials } = settings;
  const { origin, hostname } = new URL(baseUrl);
  const dispatcher = options.dispatcher ?? defaultDispatcher(hostname);
  return async (request) => {
    const headers = { ...credentials.headers(), "user-agent": userAgent, accept: "application/json" };
    try {
      const response = await undiciRequest(`${baseUrl}${request.path}`, {
        dispatcher,
        method: request.method,
        headers: request.body === undefined ? headers : { ...headers, "content-type": "application/json" },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal: request.signal ?? null,
      });
      const body = credentials.redact(await readBody(request, response));
      const answered = plainHeaders(response.headers, credentials);
      const received = { status: response.statusCode, headers: answered, body };
      refuseRedirect(request, received, baseUrl);
      return received;
    } catch (error) {
      if (error instanceof UnexpectedAnswerError) throw error;
      request.signal?.throwIfAborted();
      throw new ConnectionError(codeOf(error), request, origin, hostSetting);
    }
  };
}

/** Loopback may be plain http, so no proxy gets to see it, whatever NO_PROXY says. */
function defaultDispatcher(hostname: string): Dispatcher {
  const pool = {
    connections: 16,
    connectTimeout: 10_000,
    headersTimeout: 120_000,
    bodyTimeout: 120_000,
    keepAliveTimeout: 30_000,
  };
  if (isLoopback(hostname)) return new Agent(pool);
  for (const variable of ["HTTPS_PROXY", "HTTP_PROXY"]) checkProxy(variable);
  return new EnvHttpProxyAgent(pool);
}

/**
 * undici's own error for such a URL holds it with its password. The name in lower case comes first, as with
 * undici.
 */
function checkProxy(variable: string): void {
  const lower = variable.toLowerCase();
  const name = process.env[lower] === undefined ? variable : lower;
  const value = process.env[name];
  if (!value) return;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && PROXY_PROTOCOLS.has(url.protocol) && url.hostname !== "") return;
  const shown = value.slice(value.lastIndexOf("@") + 1);
  throw new ConfigurationError(
    name,
    shown,
    "the URL of a proxy is needed, such as http://proxy.example:3128",
  );
}

const PROXY_PROTOCOLS = new Set(["http:", "https:", "socks:", "socks5:"]);

async function readBody(request: HttpRequest, response: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > RESPONSE_LIMIT_BYTES) {
      const problem = `more than ${RESPONSE_LIMIT_BYTES / 1024 / 1024} MiB`;
      throw new UnexpectedAnswerError(response.statusCode, request, problem, false);
    }
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function refuseRedirect(request: HttpRequest, response: HttpResponse, baseUrl: string): void {
  if (response.status < 300 || response.status >= 400) return;
  const location = response.headers.location ?? "";
  const target = URL.canParse(location, baseUrl) ? new URL(location, baseUrl).host : "nowhere";
  const problem = `a redirect to ${target}, which is not followed, because the keys are for ${new URL(baseUrl).host} only`;
  throw new UnexpectedAnswerError(response.status, request, problem, false);
}

function plainHeaders(
  headers: Dispatcher.ResponseData["headers"],
  credentials: Credentials,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name.toLowerCase(), credentials.redact(Array.isArray(value) ? value.join(", ") : value)]],
    ),
  );
}

/** Only the code is kept: the original error can hold the request with its headers. */
function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "unknown";
  if ("errors" in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  // undici gives a tunnel that the proxy refuses the code of an abort, and its status in the message alone.
  const refusal = error instanceof Error ? /^Proxy response \((\d{3})\)/.exec(error.message) : null;
  if (refusal) return `PROXY_${refusal[1]}`;
  if ("code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.name : "unknown";
}
