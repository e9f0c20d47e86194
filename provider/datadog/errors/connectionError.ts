import type { HttpRequest } from "../transport";
import { RequestError } from "./requestError";

/** No answer came: the connection was refused, broken or too slow. */
export class ConnectionError extends RequestError {
  override readonly name = "ConnectionError";

  /** @param code as node or undici name it, such as ECONNRESET */
  constructor(
    readonly code: string,
    request: Pick<HttpRequest, "method" | "path">,
    origin: string,
  ) {
    const path = request.path.split("?")[0];
    super(
      `no answer from ${origin} to ${request.method} ${path} (${code}); check the network, a proxy (HTTPS_PROXY) and datadog:site`,
      !NEVER_SENT.has(code),
      true,
    );
  }
}

/** With these the request cannot have reached Datadog. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);
