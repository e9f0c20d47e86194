import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { Agent } from "undici";
import { ConnectionError, PermissionError, UnexpectedAnswerError } from "../../../provider/datadog/errors";
import { responseError } from "../../../provider/datadog/responseError";
import { readSettings } from "../../../provider/datadog/settings";
import { withTimeout } from "../../../provider/datadog/timeout";
import type { HttpRequest, Send } from "../../../provider/datadog/transport";
import { RESPONSE_LIMIT_BYTES, undiciSend } from "../../../provider/datadog/undiciSend";
import { version } from "../../../provider/datadog/version";
import { SimulatedClock } from "../../emulator";
import { throughProxy } from "./throughProxy";

const API_KEY = "api-key-0123456789abcdef";
const APP_KEY = "app-key-fedcba9876543210";
const search: HttpRequest = { method: "POST", path: "/api/v2/x?q=1", body: { a: 1 }, family: "search" };

describe("the request itself", () => {
  const servers: Server[] = [];
  const seen: IncomingMessage[] = [];
  const dispatcher = new Agent();

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer((request, response) => {
      seen.push(request);
      listener(request, response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function connect(url: string): Send {
    const env = { DD_HOST: url, DD_API_KEY: API_KEY, DD_APP_KEY: APP_KEY };
    return undiciSend({ settings: readSettings({ get: () => undefined }, env), dispatcher });
  }

  async function failure(send: Send, request = search): Promise<unknown> {
    return send(request).then(
      () => assert.fail("the request succeeded"),
      (error: unknown) => error,
    );
  }

  function assertNoKeys(error: unknown): void {
    const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
    const stack = error instanceof Error ? `${error.message} ${error.stack}` : "";
    for (const key of [API_KEY, APP_KEY]) assert.equal(`${shown} ${stack}`.includes(key), false);
  }

  afterEach(async () => {
    seen.length = 0;
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  after(() => dispatcher.close());

  it("carries both keys, a User-Agent with name and version, and JSON", async () => {
    const url = await serve((_request, response) => response.end('{"ok":true}'));
    const { status, body } = await connect(url)(search);
    assert.deepEqual([status, body], [200, '{"ok":true}']);
    const headers = seen[0]?.headers ?? {};
    assert.equal(headers["dd-api-key"], API_KEY);
    assert.equal(headers["dd-application-key"], APP_KEY);
    assert.match(headers["user-agent"] ?? "", new RegExp(`^pulumi-datadog-findings/${version} `));
    assert.equal(headers["content-type"], "application/json");
    assert.equal(seen[0]?.url, "/api/v2/x?q=1");
  });

  it("does not follow redirects: the keys go only to the configured host", async () => {
    const elsewhere = await serve((_request, response) => response.end("{}"));
    const url = await serve((_request, response) => {
      response.writeHead(307, { location: `${elsewhere}/steal` });
      response.end();
    });
    const error = await failure(connect(url));
    assert.ok(error instanceof UnexpectedAnswerError && !error.passing);
    assert.ok(error.message.includes(new URL(elsewhere).host), error.message);
    assert.equal(seen.length, 1);
    assertNoKeys(error);
  });

  it("reads an answer up to a limit of size", async () => {
    const chunk = Buffer.alloc(1024 * 1024, "x");
    const url = await serve((_request, response) => {
      const write = () => {
        while (response.write(chunk)) if (response.destroyed) return;
        response.once("drain", write);
      };
      response.on("error", () => {});
      write();
    });
    const error = await failure(connect(url));
    assert.ok(error instanceof UnexpectedAnswerError && !error.passing);
    assert.match(error.message, new RegExp(`more than ${RESPONSE_LIMIT_BYTES / 1024 / 1024} MiB`));
  });

  it("tells a broken connection from a refused one: only the first leaves in doubt what was done", async () => {
    const broken = await serve((request) => request.socket.destroy());
    const lost = await failure(connect(broken));
    assert.ok(lost instanceof ConnectionError && lost.ambiguous && lost.passing);
    assertNoKeys(lost);
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    const refused = await failure(connect(broken));
    assert.ok(refused instanceof ConnectionError && !refused.ambiguous && refused.passing);
    assert.equal(refused.code, "ECONNREFUSED");
    assertNoKeys(refused);
  });

  it("gives up on an answer that does not come, and says so without the keys", async () => {
    let arrived: () => void = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const url = await serve(() => arrived());
    const clock = new SimulatedClock();
    const waiting = failure(withTimeout(connect(url), clock, 90_000));
    await arrival;
    await clock.advance(90_000);
    const error = await waiting;
    assert.ok(error instanceof ConnectionError && error.ambiguous);
    assert.equal(error.code, "ETIMEDOUT");
    assertNoKeys(error);
  });

  it("names the permissions that are needed where the keys are refused, and no key that the answer echoes", async () => {
    const url = await serve((request, response) => {
      response.writeHead(403, { "content-type": "application/json" });
      response.end(JSON.stringify({ errors: [`Forbidden ${request.headers["dd-api-key"]}`] }));
    });
    const response = await connect(url)(search);
    const error = responseError(response, search);
    assert.ok(error instanceof PermissionError);
    assert.match(error.message, /security_monitoring_findings_read or appsec_vm_read/);
    assertNoKeys(error);
  });

  it("honours HTTPS_PROXY and NO_PROXY, and custom CAs, in a process of its own", async function () {
    this.timeout(30_000);
    const { direct, proxied, excluded } = await throughProxy();
    assert.deepEqual(proxied, {
      status: 200,
      body: '{"via":"api.datadoghq.com"}',
      tunnels: ["api.datadoghq.com:443"],
    });
    assert.deepEqual(excluded.tunnels, []);
    assert.match(excluded.body, /no answer/);
    assert.deepEqual(direct, { status: 200, body: '{"via":"localhost"}', tunnels: [] });
  });
});
