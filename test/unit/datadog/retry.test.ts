import assert from "node:assert/strict";
import {
  ApiError,
  ConnectionError,
  PermissionError,
  RequestError,
  UnexpectedAnswerError,
} from "../../../provider/datadog/errors";
import { withRetry } from "../../../provider/datadog/http/retry";
import { withTimeout } from "../../../provider/datadog/http/timeout";
import type { RetrySettings } from "../../../provider/datadog/model/retrySettings";
import type { HttpRequest, HttpResponse, Send } from "../../../provider/datadog/model/transport";
import { SimulatedClock } from "../../emulator";
import fc from "../../support/fc";

const request: HttpRequest = { method: "PATCH", path: "/api/v2/x?secret=1", family: "assignee", body: {} };
const defaults: RetrySettings = {
  enabled: true,
  timeoutMs: 600_000,
  maxRetries: 8,
  backoffBaseMs: 2_000,
  backoffMultiplier: 2,
};

type Outcome = HttpResponse | Error | "hang";

function answer(status: number, body = "{}", headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, body, headers };
}

function broken(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

interface Rig {
  readonly clock: SimulatedClock;
  readonly send: Send;
  /** Moments of the tries, ms from the start. */
  readonly tries: number[];
}

/** Answers with the outcomes one after another, then with the last one for ever. */
function rig(
  outcomes: readonly Outcome[],
  settings: Partial<RetrySettings> = {},
  random: () => number = () => 0.5,
): Rig {
  const clock = new SimulatedClock();
  const startedAt = clock.now();
  const tries: number[] = [];
  const once: Send = async ({ signal }) => {
    const outcome = outcomes[Math.min(tries.length, outcomes.length - 1)] ?? "hang";
    tries.push(clock.now() - startedAt);
    if (outcome instanceof Error) throw outcome;
    if (outcome !== "hang") return outcome;
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  };
  const timed = withTimeout(once, clock, 90_000);
  return { clock, tries, send: withRetry(timed, { settings: { ...defaults, ...settings }, clock, random }) };
}

async function failure(work: Promise<unknown>): Promise<RequestError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof RequestError, String(error));
    return error;
  }
  assert.fail("it did not fail");
}

const html = "<!DOCTYPE html><html><title>Sign in</title></html>";
const passing: readonly (readonly [what: string, outcome: Outcome])[] = [
  ["408", answer(408)],
  ["500", answer(500)],
  ["502 with an HTML page", answer(502, html)],
  ["503", answer(503)],
  ["504", answer(504)],
  ["a connection that is reset", broken("ECONNRESET")],
  ["a refused connection", broken("ECONNREFUSED")],
  ["a connection that times out", broken("UND_ERR_CONNECT_TIMEOUT")],
  ["a name that cannot be resolved just now", broken("EAI_AGAIN")],
  ["an answer that never comes", "hang"],
  ["cut JSON", answer(202, '{"data":{"id":"a')],
  ["an HTML page with status 200", answer(200, html)],
  ["an empty 200", answer(200, "")],
];

describe("retried", () => {
  for (const [what, outcome] of passing) {
    it(`is ${what}`, async () => {
      const { clock, send, tries } = rig([outcome, outcome, answer(202, '{"fine":true}')]);
      const { body, status } = await clock.run(send(request));
      assert.deepEqual([status, body], [202, '{"fine":true}']);
      assert.equal(tries.length, 3);
    });
  }
});

describe("a host that has never answered in this process", () => {
  for (const code of ["ENOTFOUND", "ECONNREFUSED"]) {
    it(`fails after three tries within some seconds where it does not resolve or refuses (${code})`, async () => {
      const { clock, send, tries } = rig([broken(code)], {}, () => 1);
      const error = await failure(clock.run(send(request)));
      assert.equal(error.attempts, 3);
      assert.ok((tries.at(-1) ?? 0) <= 10_000, tries.join());
    });

    it(`is waited for as before once it has answered (${code})`, async () => {
      const outcomes = [answer(200), ...Array.from({ length: 6 }, () => broken(code)), answer(202)];
      const { clock, send, tries } = rig(outcomes);
      await clock.run(send(request));
      assert.equal((await clock.run(send(request))).status, 202);
      assert.equal(tries.length, 8);
    });
  }
});

describe("never retried", () => {
  for (const status of [400, 401, 402, 403, 404, 405, 409, 410, 413, 418, 422, 451]) {
    it(`is ${status}`, async () => {
      const { clock, send, tries } = rig([answer(status, '{"errors":["no"]}')]);
      const error = await failure(clock.run(send(request)));
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.status, error.attempts, error.ambiguous], [status, 1, false]);
      assert.equal(error instanceof PermissionError, status === 401 || status === 403);
      assert.equal(tries.length, 1);
    });
  }

  it("is 429: the gate of the rate limit has waited and sent it again as long as that was of use", async () => {
    const { clock, send, tries } = rig([answer(429)]);
    assert.match((await failure(clock.run(send(request)))).message, /shared by the whole organisation/);
    assert.equal(tries.length, 1);
  });

  it("is what is no failed request at all, such as a programming error", async () => {
    const { clock, send, tries } = rig([new TypeError("no function")]);
    await assert.rejects(clock.run(send(request)), TypeError);
    assert.equal(tries.length, 1);
  });
});

describe("Retry-After is honoured", () => {
  it("in seconds", async () => {
    const { clock, send, tries } = rig([answer(503, "", { "retry-after": "45" }), answer(200)]);
    await clock.run(send(request));
    assert.deepEqual(tries, [0, 45_000]);
  });

  it("as an HTTP date, by the clock of the answer", async () => {
    const headers = {
      date: "Fri, 02 Jan 2026 10:00:00 GMT",
      "retry-after": "Fri, 02 Jan 2026 10:01:10 GMT",
    };
    const { clock, send, tries } = rig([answer(503, "", headers), answer(200)]);
    await clock.run(send(request));
    assert.deepEqual(tries, [0, 70_000]);
  });

  it("as an HTTP date without a Date header, by our own clock", async () => {
    const headers = { "retry-after": new Date(new SimulatedClock().now() + 30_000).toUTCString() };
    const { clock, send, tries } = rig([answer(503, "", headers), answer(200)]);
    await clock.run(send(request));
    assert.deepEqual(tries, [0, 30_000]);
  });

  it("unless it says nothing: zero, the past, or nonsense give the usual backoff", async () => {
    for (const value of ["0", "", "soon", "-5", "Thu, 01 Jan 1970 00:00:00 GMT"]) {
      const { clock, send, tries } = rig([answer(503, "", { "retry-after": value }), answer(200)]);
      await clock.run(send(request));
      assert.deepEqual(tries, [0, 1_000], `"${value}"`);
    }
  });

  it("but not beyond the time that retries may take in all", async () => {
    const { clock, send, tries } = rig([answer(503, "", { "retry-after": "3600" })]);
    const startedAt = clock.now();
    assert.match((await failure(clock.run(send(request)))).message, /^Datadog answered \S+ \S+ with 503/);
    assert.deepEqual([tries.length, clock.now() - startedAt], [1, 0]);
  });
});

describe("exponential backoff with full jitter", () => {
  const gaps = (tries: readonly number[]) =>
    tries.slice(1).map((at, index) => Math.round(at - (tries[index] ?? 0)));

  it("waits at most the base, times the multiplier with each retry, and never more than a minute", async () => {
    const { clock, send, tries } = rig([answer(500)], {}, () => 0.999_999_9);
    await failure(clock.run(send(request)));
    assert.deepEqual(gaps(tries), [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it("may not wait at all: two who failed together do not come back together", async () => {
    const { clock, send, tries } = rig([answer(500)], {}, () => 0);
    await failure(clock.run(send(request)));
    assert.deepEqual(gaps(tries), [0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("stays within these bounds whatever is drawn and set", async () => {
    const setting = fc.record({
      backoffBaseMs: fc.integer({ min: 0, max: 10_000 }),
      backoffMultiplier: fc.double({ min: 1, max: 10, noNaN: true }),
      maxRetries: fc.integer({ min: 0, max: 8 }),
    });
    const draws = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 8, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(setting, draws, async (settings, drawn) => {
        const left = [...drawn];
        const { clock, send, tries } = rig([broken("ECONNRESET")], settings, () => left.shift() ?? 0);
        await failure(clock.run(send(request)));
        assert.equal(tries.length, settings.maxRetries + 1);
        for (const [index, gap] of gaps(tries).entries()) {
          const bound = Math.min(60_000, settings.backoffBaseMs * settings.backoffMultiplier ** index);
          assert.ok(
            Math.abs(gap - bound * (drawn[index] ?? 0)) <= 1 && gap <= Math.ceil(bound),
            `${index}: ${gap}`,
          );
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("when retries run out", () => {
  it("the last error is thrown, and says how often it was tried", async () => {
    const outcomes = [answer(500), broken("ECONNRESET"), answer(503, '{"errors":["the third"]}')];
    const { clock, send } = rig(outcomes, { maxRetries: 2 });
    const error = await failure(clock.run(send(request)));
    assert.equal(error.attempts, 3);
    assert.equal(error.message, "Datadog answered PATCH /api/v2/x with 503 the third");
  });

  it("of what is no JSON an excerpt is shown, with control characters escaped", async () => {
    const { clock, send } = rig([answer(200, `<html>\u001b[31m${"x".repeat(500)}`)], { maxRetries: 0 });
    const { message } = await failure(clock.run(send(request)));
    assert.ok(message.includes("<html>\\u001b[31m"), message);
    assert.ok(message.length < 600);
  });

  it("by the time in all, no further try is made", async () => {
    const { clock, send, tries } = rig([answer(500)], { timeoutMs: 5_000, maxRetries: 100 });
    await failure(clock.run(send(request)));
    assert.deepEqual(tries, [0, 1_000, 3_000]);
  });

  it("a hang says so, a page says what it begins with", async () => {
    const hang = rig(["hang"], { maxRetries: 0 });
    const timeout = await failure(hang.clock.run(hang.send(request)));
    assert.ok(timeout instanceof ConnectionError);
    assert.equal(timeout.code, "ETIMEDOUT");
    const page = rig([answer(200, html)], { maxRetries: 0 });
    const unexpected = await failure(page.clock.run(page.send(request)));
    assert.ok(unexpected instanceof UnexpectedAnswerError);
    assert.match(
      unexpected.message,
      /status 200\): it is not JSON, or is cut off; it begins with "<!DOCTYPE html>/,
    );
  });

  it("disabled: one try", async () => {
    for (const [, outcome] of passing) {
      const { clock, send, tries } = rig([outcome], { enabled: false });
      assert.equal((await failure(clock.run(send(request)))).attempts, 1);
      assert.equal(tries.length, 1);
    }
  });
});

describe("whether Datadog may have done what was asked", () => {
  it("is known to be no where nothing was sent or it was refused, and open where the answer is lost", async () => {
    const cases: readonly (readonly [outcome: Outcome, ambiguous: boolean])[] = [
      [broken("ECONNREFUSED"), false],
      [broken("ENOTFOUND"), false],
      [broken("EAI_AGAIN"), false],
      [broken("ECONNRESET"), true],
      ["hang", true],
      [answer(500), true],
      [answer(408), false],
      [answer(429), false],
      [answer(202, "{"), true],
    ];
    for (const [outcome, ambiguous] of cases) {
      const { clock, send } = rig([outcome], { enabled: false });
      assert.equal((await failure(clock.run(send(request)))).ambiguous, ambiguous, JSON.stringify(outcome));
    }
  });

  it("stays open when a later try is refused", async () => {
    const { clock, send } = rig([broken("ECONNRESET"), answer(404)]);
    const error = await failure(clock.run(send(request)));
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.status, error.ambiguous, error.attempts], [404, true, 2]);
  });
});

describe("being cancelled", () => {
  it("stops the waiting for the next try at once", async () => {
    const { clock, send, tries } = rig([answer(408), broken("ECONNREFUSED"), answer(200)]);
    const cancel = new AbortController();
    const startedAt = clock.now();
    const work = send({ ...request, signal: cancel.signal });
    await clock.advance(1_500);
    const reason = new Error("cancelled");
    cancel.abort(reason);
    await assert.rejects(work, (error) => error === reason);
    assert.deepEqual([clock.now() - startedAt, tries.length], [1_500, 2]);
  });

  it("after a lost answer throws that failure, since it may have been done", async () => {
    const { clock, send } = rig([broken("ECONNRESET"), answer(200)]);
    const cancel = new AbortController();
    const work = send({ ...request, signal: cancel.signal });
    await clock.advance(500);
    cancel.abort(new Error("cancelled"));
    assert.equal((await failure(work)).ambiguous, true);
  });

  it("ends a search under way, but waits another 10 s for the answer to a change", async () => {
    const reason = new Error("cancelled");
    for (const method of ["POST", "PATCH"] as const) {
      const { clock, send } = rig(["hang", answer(200)], { enabled: false });
      const cancel = new AbortController();
      const startedAt = clock.now();
      const work = send({ ...request, method, signal: cancel.signal });
      await clock.advance(500);
      cancel.abort(reason);
      if (method === "POST") await assert.rejects(work, (error) => error === reason);
      else assert.match((await failure(clock.run(work))).message, /CANCELLED/);
      assert.equal(clock.now() - startedAt, method === "POST" ? 500 : 10_500);
    }
  });

  it("before a search was sent sends nothing that would be waited for", async () => {
    const { clock, send } = rig(["hang"]);
    const startedAt = clock.now();
    const signal = AbortSignal.abort(new Error("cancelled"));
    await assert.rejects(clock.run(send({ ...request, method: "POST", signal })), /cancelled/);
    assert.equal(clock.now(), startedAt);
  });
});
