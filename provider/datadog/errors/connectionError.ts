import type { HttpRequest } from "../model/transport";
import { RequestError } from "./requestError";

/** No answer came: the connection was refused, broken or too slow, or nobody could be trusted at its end. */
export class ConnectionError extends RequestError {
  override readonly name = "ConnectionError";

  /**
   * @param code as node or undici name it, such as ECONNRESET; PROXY_407 where a proxy refused the tunnel
   * with that status
   * @param setting that the host comes from
   */
  constructor(
    readonly code: string,
    request: Pick<HttpRequest, "method" | "path">,
    origin: string,
    setting = "datadog:site",
  ) {
    const path = request.path.split("?")[0];
    const distrusted = DISTRUST.test(code);
    const refusedByProxy = code.startsWith("PROXY_");
    super(
      `no answer from ${origin} to ${request.method} ${path} (${code}); ${adviceFor(code, setting)}`,
      !(NEVER_SENT.has(code) || distrusted || refusedByProxy),
      !(distrusted || LASTING_REFUSALS.has(code) || code === "CANCELLED"),
    );
  }
}

/** With these the request cannot have reached Datadog. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** What a proxy says that it will say again. */
const LASTING_REFUSALS = new Set(["PROXY_400", "PROXY_401", "PROXY_403", "PROXY_405", "PROXY_407"]);

/**
 * Node's and OpenSSL's codes for a certificate that is not accepted: nothing was sent, and trying again
 * changes nothing.
 */
const DISTRUST =
  /CERT|SELF_SIGNED|^UNABLE_TO_|^ERR_SSL_WRONG_VERSION|^HOSTNAME_MISMATCH|^INVALID_(CA|PURPOSE)$/;

function adviceFor(code: string, setting: string): string {
  if (code === "CANCELLED") return "the deployment was cancelled before it came";
  if (code === "PROXY_407") {
    return "the proxy wants a user and a password: put them into HTTPS_PROXY, as in http://user:password@host:port";
  }
  if (code.startsWith("PROXY_")) {
    return "the proxy (HTTPS_PROXY) refused it; have the proxy allow the host, or put the host into NO_PROXY";
  }
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER") {
    return `something other than TLS answers there; check ${setting}, and the port`;
  }
  if (DISTRUST.test(code)) {
    return "its certificate is not trusted; if your organisation or its proxy has a CA of its own, set NODE_EXTRA_CA_CERTS to the file of that CA";
  }
  return `check the network, a proxy (HTTPS_PROXY) and ${setting}`;
}
