import type { HttpRequest, HttpResponse, Send } from "../../provider/datadog/model/transport";
import { bodyText, type EmulatedResponse, type RequestHandler } from "./exchange";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "./keyring";

export interface InProcessSendOptions {
  /** Default: the emulator's own. */
  readonly apiKey?: string;
  readonly appKey?: string;
}

/** A broken connection, with the code that undici or node would give it. */
export class ConnectionError extends Error {
  constructor(
    readonly code: "ECONNRESET" | "UND_ERR_SOCKET",
    message: string,
  ) {
    super(message);
    this.name = "ConnectionError";
  }
}

/**
 * An emulator, or a site of several, in place of undici: no sockets, and all time is that of the emulator's
 * clock.
 */
export function inProcessSend(handler: RequestHandler, options: InProcessSendOptions = {}): Send {
  const headers = {
    "content-type": "application/json",
    accept: "application/json",
    "dd-api-key": options.apiKey ?? EMULATOR_API_KEY,
    "dd-application-key": options.appKey ?? EMULATOR_APP_KEY,
  };
  return async (request) => {
    request.signal?.throwIfAborted();
    const body = request.body === undefined ? "" : JSON.stringify(request.body);
    const response = handler.handle({ method: request.method, path: request.path, headers, body });
    return unlessAborted(response.then(received), request.signal);
  };
}

function received(response: EmulatedResponse): Promise<HttpResponse> | HttpResponse {
  if (response.kind === "reset") throw new ConnectionError("ECONNRESET", "read ECONNRESET");
  if (response.kind === "cut") throw new ConnectionError("UND_ERR_SOCKET", "other side closed");
  if (response.kind === "hang") return new Promise(() => undefined);
  return { status: response.status, headers: response.headers, body: bodyText(response) };
}

/** Who gives up sees the reason at once; the emulator may have applied the request all the same. */
function unlessAborted<T>(answer: Promise<T>, signal: HttpRequest["signal"]): Promise<T> {
  if (signal === undefined) return answer;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
