import assert from "node:assert/strict";
import {
  ApiError,
  ConnectionError,
  RequestError,
  UnexpectedAnswerError,
} from "../../../provider/datadog/errors";
import { withRetry } from "../../../provider/datadog/retry";
import type { RetrySettings } from "../../../provider/datadog/settings";
import type { HttpRequest, HttpResponse, Send } from "../../../provider/datadog/transport";
import { SimulatedClock } from "../../emulator";

const request: HttpRequest = { method: "PATCH", path: "/api/v2/x?secret=1", family: "assignee" };
const settings: RetrySettings = {
  enabled: true,
  timeoutMs: 600_000,
  maxRetries: 3,
  backoffBaseMs: 2_000,
  backoffMultiplier: 2,
};
const ok: HttpResponse = { status: 202, headers: {}, body: "{}" };
const answer = (
  status: number,
  headers: Record<string, string> = {},
  body = '{"errors":["no"]}',
): HttpResponse => ({
  status,
  headers,
  body,
});

/** Plays answers in turn, the last one for ever, and notes when it was asked. */
function server(clock: SimulatedClock, ...answers: (HttpResponse | Error)[]): { send: Send; at: number[] } {
  const at: number[] = [];
  const startedAt = clock.now();
  const send: Send = async () => {
    const next = answers[Math.min(at.length, answers.length - 1)] ?? ok;
    at.push(clock.now() - startedAt);
    if (next instanceof Error) throw next;
    return next;
  };
  return { send, at };
}

async function play(
  answers: (HttpResponse | Error)[],
  options: Partial<RetrySettings> = {},
  random = () => 0.5,
) {
  const clock = new SimulatedClock();
  const { send, at } = server(clock, ...answers);
  const retrying = withRetry(send, { settings: { ...settings, ...options }, clock, random });
  const outcome = await clock.run(retrying(request).catch((error: unknown) => error));
  return { outcome, at };
}

describe("retries", () => {
  const passing: Record<string, HttpResponse | Error> = {
    "429": answer(429),
    "408": answer(408),
    "500": answer(500),
    "503": answer(503),
    "a broken connection": Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
    "a refused connection": new ConnectionError("ECONNREFUSED", request, "https://a.example.com"),
    "a timed-out connection": new ConnectionError("ETIMEDOUT", request, "https://a.example.com"),
    "a cut 2xx body": answer(202, {}, '{"data":{'),
    "an HTML 2xx body": answer(200, {}, "<html>"),
  };
  for (const [what, first] of Object.entries(passing)) {
    it(`send again after ${what}`, async () => {
      const { outcome, at } = await play([first, ok]);
      assert.equal(outcome, ok);
      assert.equal(at.length, 2);
    });
  }

  for (const status of [400, 401, 403, 404, 409, 413, 422]) {
    it(`never send again after ${status}`, async () => {
      const { outcome, at } = await play([answer(status), ok]);
      assert.ok(outcome instanceof ApiError && outcome.status === status);
      assert.equal(at.length, 1);
    });
  }

  it("wait with full jitter: anywhere below a bound that doubles", async () => {
    const { at } = await play([answer(500)], {}, () => 0.999_999);
    assert.deepEqual(
      at.map((ms) => Math.round(ms / 1_000)),
      [0, 2, 6, 14],
    );
    assert.deepEqual((await play([answer(500)], {}, () => 0)).at, [0, 0, 0, 0]);
  });

  it("wait as long as Retry-After says, in seconds or as a date", async () => {
    const inSeconds = await play([answer(503, { "retry-after": "7" }), ok]);
    assert.deepEqual(inSeconds.at, [0, 7_000]);
    const date = new Date(Date.UTC(2026, 0, 1, 0, 0, 9)).toUTCString();
    const now = new Date(Date.UTC(2026, 0, 1)).toUTCString();
    assert.deepEqual((await play([answer(503, { "retry-after": date, date: now }), ok])).at, [0, 9_000]);
  });

  it("end after the retries with the last error, which says how often it was tried, and no query", async () => {
    const { outcome, at } = await play([answer(500), answer(502), answer(503), answer(504), ok]);
    assert.equal(at.length, 4);
    assert.ok(outcome instanceof ApiError);
    assert.equal(outcome.status, 504);
    assert.equal(outcome.attempts, 4);
    assert.equal(outcome.ambiguous, true);
    assert.doesNotMatch(outcome.message, /secret/);
  });

  it("end when the waits have reached the timeout", async () => {
    const { at } = await play([answer(500)], { timeoutMs: 5_000, maxRetries: 100 }, () => 0.999_999);
    assert.equal(at.length, 2);
  });

  it("do not count a 429, for which the gate has waited, but end there too", async () => {
    const storm = Array.from({ length: 20 }, () => answer(429));
    const { outcome, at } = await play([...storm, ok]);
    assert.equal(outcome, ok);
    assert.equal(at.length, 21);
    const endless = await play([answer(429)]);
    assert.ok(endless.outcome instanceof ApiError && endless.outcome.status === 429);
    assert.equal(endless.at.length, 50);
  });

  it("are one try where they are switched off", async () => {
    const { outcome, at } = await play([answer(500), ok], { enabled: false });
    assert.ok(outcome instanceof RequestError);
    assert.equal(at.length, 1);
  });

  it("stop at once when they are aborted, with the error that leaves in doubt what was done", async () => {
    const clock = new SimulatedClock();
    const { send, at } = server(clock, answer(500));
    const cancellation = new AbortController();
    const retrying = withRetry(send, { settings, clock, random: () => 0.5 });
    const outcome = retrying({ ...request, signal: cancellation.signal }).catch((error: unknown) => error);
    await clock.advance(10);
    cancellation.abort(new Error("cancelled"));
    const error = await clock.run(outcome);
    assert.ok(error instanceof ApiError && error.ambiguous);
    assert.equal(at.length, 1);
  });

  it("leave what is no failed request alone, such as missing keys", async () => {
    const { outcome, at } = await play([new TypeError("a bug"), ok]);
    assert.ok(outcome instanceof TypeError);
    assert.equal(at.length, 1);
  });

  it("show an excerpt of what is no JSON, with control characters escaped", async () => {
    const { outcome } = await play([answer(200, {}, `<html>\u001b[31m${"x".repeat(500)}`)]);
    assert.ok(outcome instanceof UnexpectedAnswerError);
    assert.ok(outcome.message.includes("<html>\\u001b[31m"), outcome.message);
    assert.ok(outcome.message.length < 600);
  });
});
