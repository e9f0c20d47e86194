import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { inspect } from "node:util";
import { createDatadogClient } from "../../../provider/datadog/client";
import {
  ApiError,
  ConfigurationError,
  ConnectionError,
  MissingCredentialsError,
  PermissionError,
  UnexpectedAnswerError,
  UserLookupError,
} from "../../../provider/datadog/errors";
import { findUser } from "../../../provider/datadog/findUser";
import { readSettings } from "../../../provider/datadog/http/settings";
import { systemClock } from "../../../provider/datadog/http/systemClock";
import type { FindingsApi } from "../../../provider/datadog/model/findingsApi";
import { startServer } from "./localServer";

const API_KEY = "0123456789abcdef0123456789abcdef";
const APP_KEY = "89abcdef0123456789abcdef0123456789abcdef";

/** Everything that a log, a debugger or a state could take from a value. */
function allThatShows(value: unknown): string {
  const parts = [inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true })];
  parts.push(JSON.stringify(value) ?? "", String(value));
  if (value instanceof Error) parts.push(value.message, value.stack ?? "", allThatShows(value.cause));
  return parts.join("\n");
}

function assertNoKey(value: unknown): void {
  const shown = allThatShows(value);
  for (const key of [API_KEY, APP_KEY]) assert.ok(!shown.includes(key), shown);
}

type Config = Readonly<Record<string, string>>;

function settingsFor(config: Config) {
  const keys = { "datadog:apiKey": API_KEY, "datadog:appKey": APP_KEY };
  const all: Config = { ...keys, "datadog:httpClientRetryEnabled": "false", ...config };
  return readSettings({ get: (key) => all[key] }, {});
}

/** The error of a real request to a real server. */
async function failure(
  answer: RequestListener,
  work: (api: FindingsApi) => Promise<unknown>,
  config: Config = {},
): Promise<unknown> {
  const { port, close } = await startServer(answer);
  try {
    const settings = settingsFor({ "datadog:apiUrl": `http://127.0.0.1:${port}`, ...config });
    const api = createDatadogClient({ settings, clock: systemClock, random: () => 0 });
    return await work(api).then(
      () => assert.fail("it did not fail"),
      (error: unknown) => error,
    );
  } finally {
    await close();
  }
}

/** Answers with all that the request held, as a proxy's error page may do. */
function echo(status: number, how: (text: string) => string): RequestListener {
  return (request, response) => {
    response.writeHead(status, { "x-echo": String(request.headers["dd-api-key"]) });
    response.end(how(request.rawHeaders.join(" ")));
  };
}

const page = (text: string) => `<html>${text}</html>`;
const problems = (text: string) => JSON.stringify({ errors: [text, { title: text, detail: text }] });
const assign = (api: FindingsApi) => api.assign(["a"], null, "00000000-0000-4000-8000-000000000001");

describe("keys appear in no error, however it is looked at", () => {
  const cases: readonly (readonly [
    what: string,
    kind: abstract new (...args: never[]) => Error,
    answer: RequestListener,
    work?: (api: FindingsApi) => Promise<unknown>,
  ])[] = [
    ["a refusal that echoes them", ApiError, echo(400, problems)],
    ["an error page that echoes them", ApiError, echo(502, page)],
    ["a 403 that echoes them", PermissionError, echo(403, problems)],
    ["a 2xx page that echoes them", UnexpectedAnswerError, echo(200, page)],
    [
      "JSON of another shape that echoes them",
      UnexpectedAnswerError,
      echo(200, (text) => JSON.stringify([text])),
    ],
    [
      "a redirect to a host named after one",
      UnexpectedAnswerError,
      (request, response) => {
        const location = `https://${request.headers["dd-api-key"]}.example/?k=${request.headers["dd-api-key"]}`;
        response.writeHead(302, { location }).end();
      },
    ],
    ["a reset", ConnectionError, (request) => request.socket.resetAndDestroy()],
    [
      "a cut answer",
      ConnectionError,
      (request, response) => {
        response.writeHead(200, { "content-length": 10_000 });
        response.write(request.rawHeaders.join(" "), () => request.socket.destroy());
      },
    ],
    ["no HTTP", ConnectionError, (request) => request.socket.end(`${request.rawHeaders.join(" ")}\r\n\r\n`)],
    [
      "an owner whom nobody knows",
      UserLookupError,
      (_, response) => response.end('{"data":[]}'),
      (api) => findUser(api, "ada@example.com"),
    ],
  ];
  for (const [what, kind, answer, work = assign] of cases) {
    it(`${what}: ${kind.name}`, async () => {
      const error = await failure(answer, work);
      assert.ok(error instanceof kind, inspect(error));
      assertNoKey(error);
    });
  }

  it("a refused connection", async () => {
    const { port, close } = await startServer(() => {});
    await close();
    const error = await failure(() => {}, assign, { "datadog:apiUrl": `http://127.0.0.1:${port}` });
    assert.ok(error instanceof ConnectionError && error.code === "ECONNREFUSED");
    assertNoKey(error);
  });

  it("one key that is missing, or that no header can hold: the other is not shown", async () => {
    const missing = await failure(() => {}, assign, { "datadog:appKey": "" });
    assert.ok(missing instanceof MissingCredentialsError);
    assertNoKey(missing);
    const broken = await failure(() => {}, assign, { "datadog:appKey": `${APP_KEY}\n${API_KEY}` });
    assert.ok(broken instanceof ConfigurationError);
    assertNoKey(broken);
  });

  it("nor in the settings, the client, or the answers", async () => {
    const settings = settingsFor({});
    assertNoKey(settings);
    const client = createDatadogClient({ settings, clock: systemClock, random: () => 0 });
    assertNoKey(client);
    const warning = (request: Parameters<RequestListener>[0]) => ({
      finding_id: "a",
      status: 200,
      title: request.rawHeaders.join(" "),
      detail: "",
    });
    const { port, close } = await startServer((request, response) => {
      response.writeHead(202).end(JSON.stringify({ data: {}, meta: { warnings: [warning(request)] } }));
    });
    try {
      const local = settingsFor({ "datadog:apiUrl": `http://127.0.0.1:${port}` });
      const api = createDatadogClient({ settings: local, clock: systemClock, random: () => 0 });
      const receipt = await assign(api);
      assertNoKey(receipt);
      assert.match(JSON.stringify(receipt), /dd-api-key \[key\]/);
    } finally {
      await close();
    }
  });

  it("which the look itself would find", () => {
    assert.throws(() => assertNoKey({ deep: [{ headers: new Map([["dd-api-key", API_KEY]]) }] }));
    assert.throws(() => assertNoKey(new Error("x", { cause: new Error(APP_KEY) })));
  });
});
