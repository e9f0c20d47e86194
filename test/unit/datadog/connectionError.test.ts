import assert from "node:assert/strict";
import { ConnectionError } from "../../../provider/datadog/errors";

const request = { method: "PATCH", path: "/api/v2/x?secret=1" } as const;
const failure = (code: string) => new ConnectionError(code, request, "https://api.datadoghq.eu");

describe("a connection that fails", () => {
  const cases: readonly (readonly [codes: readonly string[], passing: boolean, advice: RegExp])[] = [
    [
      ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"],
      true,
      /check the network, a proxy \(HTTPS_PROXY\) and datadog:site$/,
    ],
    [
      [
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "DEPTH_ZERO_SELF_SIGNED_CERT",
        "SELF_SIGNED_CERT_IN_CHAIN",
        "CERT_HAS_EXPIRED",
        "ERR_TLS_CERT_ALTNAME_INVALID",
        "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      ],
      false,
      /certificate is not trusted; .* set NODE_EXTRA_CA_CERTS to the file of that CA$/,
    ],
    [["ERR_SSL_WRONG_VERSION_NUMBER"], false, /something other than TLS answers there/],
    [["PROXY_407"], false, /the proxy wants a user and a password/],
    [["PROXY_403"], false, /the proxy \(HTTPS_PROXY\) refused it/],
    [["PROXY_502", "PROXY_503"], true, /the proxy \(HTTPS_PROXY\) refused it/],
  ];
  for (const [codes, passing, advice] of cases) {
    it(`before anything was sent is in no doubt, and ${passing ? "tried" : "not tried"} again: ${codes.join(", ")}`, () => {
      for (const code of codes) {
        const error = failure(code);
        assert.deepEqual([error.ambiguous, error.passing], [false, passing], code);
        assert.match(error.message, advice);
      }
    });
  }

  it("when the request may have arrived leaves in doubt what was done, and is tried again", () => {
    for (const code of [
      "ECONNRESET",
      "UND_ERR_SOCKET",
      "ETIMEDOUT",
      "EPIPE",
      "UND_ERR_BODY_TIMEOUT",
      "ERR_TLS_HANDSHAKE_TIMEOUT",
    ]) {
      const error = failure(code);
      assert.deepEqual([error.ambiguous, error.passing], [true, true], code);
    }
  });

  it("is told with the host and the path, without the query", () => {
    assert.match(
      failure("ECONNRESET").message,
      /^no answer from https:\/\/api\.datadoghq\.eu to PATCH \/api\/v2\/x \(ECONNRESET\); /,
    );
  });
});
