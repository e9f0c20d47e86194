import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import { ConnectionError, UnexpectedAnswerError } from "../../../provider/datadog/errors";
import { readSettings } from "../../../provider/datadog/http/settings";
import { withTimeout } from "../../../provider/datadog/http/timeout";
import { RESPONSE_LIMIT_BYTES, undiciSend } from "../../../provider/datadog/http/undiciSend";
import { version } from "../../../provider/datadog/http/version";
import type { HttpRequest, HttpResponse } from "../../../provider/datadog/model/transport";
import { SimulatedClock } from "../../emulator";
import { type LocalServer, startServer } from "./localServer";

const API_KEY = "0123456789abcdef0123456789abcdef";
const APP_KEY = "89abcdef0123456789abcdef0123456789abcdef";
const get: HttpRequest = { method: "GET", path: "/api/v2/users?filter=ada", family: "users" };

describe("undici, the innermost request, on real local servers", () => {
  const servers: LocalServer[] = [];

  async function server(answer: RequestListener): Promise<LocalServer> {
    const started = await startServer(answer);
    servers.push(started);
    return started;
  }

  function sendTo(port: number, path = "") {
    const config: Record<string, string> = {
      "datadog:apiUrl": `http://127.0.0.1:${port}${path}`,
      "datadog:apiKey": API_KEY,
      "datadog:appKey": APP_KEY,
    };
    return undiciSend({ settings: readSettings({ get: (key) => config[key] }, {}) });
  }

  async function failure(work: Promise<HttpResponse>): Promise<unknown> {
    return work.then(
      () => assert.fail("it did not fail"),
      (error: unknown) => error,
    );
  }

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((started) => started.close()));
  });

  it("a User-Agent with name and version, and the two keys, go with each request", async () => {
    const { port, received } = await server((_, response) => response.end("{}"));
    assert.deepEqual((await sendTo(port)(get)).body, "{}");
    const { headers, url } = received[0] ?? assert.fail();
    assert.ok(headers["user-agent"]?.startsWith(`pulumi-datadog-findings/${version} (node `));
    assert.equal(headers["dd-api-key"], API_KEY);
    assert.equal(headers["dd-application-key"], APP_KEY);
    assert.equal(url, "/api/v2/users?filter=ada");
  });

  it("a body is sent as JSON, below the path of the base URL", async () => {
    const bodies: string[] = [];
    const { port, received } = await server((request, response) => {
      request.setEncoding("utf8").on("data", (text: string) => bodies.push(text));
      request.on("end", () => response.writeHead(202, { "X-RateLimit-Limit": "10" }).end("{}"));
    });
    const answer = await sendTo(port, "/gateway/")({ ...get, method: "PATCH", body: { id: "Aä==" } });
    assert.deepEqual([answer.status, answer.headers["x-ratelimit-limit"]], [202, "10"]);
    assert.deepEqual(
      bodies.map((text) => JSON.parse(text)),
      [{ id: "Aä==" }],
    );
    assert.equal(received[0]?.url, "/gateway/api/v2/users?filter=ada");
    assert.equal(received[0]?.headers["content-type"], "application/json");
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`redirects are not followed: ${status}; the keys go to the configured host only`, async () => {
      const target = await server((_, response) => response.end("{}"));
      const { port } = await server((_, response) => {
        response.writeHead(status, { location: `http://127.0.0.1:${target.port}/?k=v` }).end();
      });
      const error = await failure(sendTo(port)(get));
      assert.ok(error instanceof UnexpectedAnswerError);
      assert.equal(error.passing, false);
      assert.ok(error.message.includes(`a redirect to 127.0.0.1:${target.port}, which is not followed`));
      assert.equal(target.received.length, 0);
    });
  }

  it("a response has a size limit, and the rest of it is not read", async () => {
    const chunk = Buffer.alloc(1024 * 1024, "x");
    let written = 0;
    let socket: Socket | undefined;
    const { port } = await server((request, response) => {
      socket = request.socket;
      const more = () => {
        written += chunk.length;
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    });
    const error = await failure(sendTo(port)(get));
    assert.ok(error instanceof UnexpectedAnswerError);
    assert.match(error.message, /more than 32 MiB/);
    assert.equal(error.passing, false);
    if (socket && !socket.destroyed) await new Promise((resolve) => socket?.once("close", resolve));
    assert.ok(written < 2 * RESPONSE_LIMIT_BYTES, `${written} bytes`);
  });

  it("a hang is a time-out, and the connection is closed", async () => {
    let arrived: (socket: Socket) => void = () => {};
    const arrival = new Promise<Socket>((resolve) => {
      arrived = resolve;
    });
    const { port } = await server((request) => arrived(request.socket));
    const clock = new SimulatedClock();
    const work = failure(withTimeout(sendTo(port), clock, 90_000)(get));
    const socket = await arrival;
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await clock.advance(90_000);
    const error = await work;
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.code, "ETIMEDOUT");
    await closed;
  });

  it("a cancelled request rejects with the reason at once", async () => {
    const cancel = new AbortController();
    const reason = new Error("cancelled");
    const { port } = await server(() => cancel.abort(reason));
    assert.equal(await failure(sendTo(port)({ ...get, signal: cancel.signal })), reason);
  });

  const breaks: readonly (readonly [name: string, answer: RequestListener, codes: RegExp])[] = [
    ["reset", (request) => request.socket.resetAndDestroy(), /^(ECONNRESET|UND_ERR_SOCKET)$/],
    ["closed", (request) => request.socket.destroy(), /^(ECONNRESET|UND_ERR_SOCKET)$/],
    [
      "cut in the middle of an answer",
      (request, response) => {
        response.writeHead(200, { "content-length": 100 });
        response.write("{", () => request.socket.destroy());
      },
      /^(ECONNRESET|UND_ERR_SOCKET)$/,
    ],
    [
      "answered in no HTTP",
      (request) => request.socket.end("SSH-2.0-OpenSSH_9.6\r\n"),
      /^(HPE_|HTTPParserError)/,
    ],
  ];
  for (const [name, answer, codes] of breaks) {
    it(`a connection that is ${name} is an error with its code, to be tried again`, async () => {
      const { port } = await server(answer);
      const error = await failure(sendTo(port)(get));
      assert.ok(error instanceof ConnectionError);
      assert.match(error.code, codes);
      assert.deepEqual([error.passing, error.ambiguous], [true, true]);
      assert.ok(error.message.startsWith(`no answer from http://127.0.0.1:${port} to GET /api/v2/users (`));
    });
  }

  it("a refused connection is known not to have done anything", async () => {
    const { port, close } = await startServer(() => {});
    await close();
    const error = await failure(sendTo(port)(get));
    assert.ok(error instanceof ConnectionError);
    assert.deepEqual([error.code, error.passing, error.ambiguous], ["ECONNREFUSED", true, false]);
    assert.match(error.message, /^no answer from http:\/\/127\.0\.0\.1:\d+ .*; check .* and datadog:apiUrl$/);
  });

  it("connections are shared: 100 requests at once use 16 at most", async () => {
    const sockets = new Set<Socket>();
    const { port } = await server((request, response) => {
      sockets.add(request.socket);
      setImmediate(() => response.end("{}"));
    });
    const send = sendTo(port);
    await Promise.all(Array.from({ length: 100 }, () => send(get)));
    assert.ok(sockets.size <= 16, `${sockets.size} connections`);
  });
});
