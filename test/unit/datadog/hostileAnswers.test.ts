import assert from "node:assert/strict";
import { createFindingsApi } from "../../../provider/datadog/client";
import { RequestError } from "../../../provider/datadog/errors";
import { withRetry } from "../../../provider/datadog/http/retry";
import type { HttpResponse, Send } from "../../../provider/datadog/model/transport";
import { findingsWithIds } from "../../../provider/query/findingQueries";
import { Emulator, inProcessSend, SimulatedClock, seedFindings } from "../../emulator";
import fc from "../../support/fc";

const clock = new SimulatedClock();
const retry = { enabled: false, timeoutMs: 0, maxRetries: 0, backoffBaseMs: 0, backoffMultiplier: 1 };

function apiThatAnswers(response: HttpResponse) {
  const send: Send = async () => response;
  return createFindingsApi(withRetry(send, { settings: retry, clock, random: Math.random }), clock);
}

const status = fc.constantFrom(200, 202, 204, 400, 401, 403, 404, 429, 500, 503);
const uuid = "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0";

describe("hostile answers", () => {
  it("never end in anything but a RequestError, whatever JSON or text comes", async () => {
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .jsonValue({ maxDepth: 6 })
        .map((value) => JSON.stringify({ data: value, meta: value, errors: value })),
    );
    await fc.assert(
      fc.asyncProperty(status, body, async (code, text) => {
        const api = apiThatAnswers({ status: code, headers: {}, body: text });
        for (const call of [
          () => api.assign(["a"], uuid, uuid),
          () => api.search({ query: "*" }),
          () => api.listUsers("a"),
          () => api.getUser(uuid),
        ]) {
          const error = await call().then(
            () => undefined,
            (reason: unknown) => reason,
          );
          assert.ok(error === undefined || error instanceof RequestError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("bear a very deep answer", async () => {
    const depth = 100_000;
    const api = apiThatAnswers({
      status: 200,
      headers: {},
      body: `${"[".repeat(depth)}${"]".repeat(depth)}`,
    });
    await assert.rejects(api.search({ query: "*" }), RequestError);
  });

  it("cannot speak of findings that were not sent, nor twice of one, nor reach a prototype", async () => {
    const failures = ["a", "a", "foreign", "__proto__", "constructor", "toString"].map((finding_id) => ({
      finding_id,
      status: 409,
      title: "Conflict",
      detail: finding_id,
    }));
    const api = apiThatAnswers({
      status: 202,
      headers: {},
      body: JSON.stringify({ data: {}, meta: { failures } }),
    });
    const receipt = await api.assign(["a", "b", "constructor"], uuid, uuid);
    assert.deepEqual(
      receipt.failures.map(({ findingId }) => findingId),
      ["a", "constructor"],
    );
    assert.equal(Reflect.get({}, "status"), undefined);
  });

  it("are believed where a failure has no number for a status, as a failure", async () => {
    const failures = [{ finding_id: "a", status: "teapot", title: null }];
    const api = apiThatAnswers({
      status: 202,
      headers: {},
      body: JSON.stringify({ data: {}, meta: { failures } }),
    });
    assert.deepEqual((await api.assign(["a"], uuid, uuid)).failures, [
      { findingId: "a", status: 0, title: "", detail: "" },
    ]);
  });

  it("take nothing for a success where failures are of another shape", async () => {
    for (const meta of [{ failures: "all" }, { failures: [{ id: "a" }] }, { failures: { a: 1 } }, "broken"]) {
      const api = apiThatAnswers({ status: 202, headers: {}, body: JSON.stringify({ data: {}, meta }) });
      await assert.rejects(api.assign(["a"], uuid, uuid), RequestError);
    }
  });
});

describe("finding ids in queries", () => {
  it("are data: an id with quotes, parentheses and operators finds nothing else", async () => {
    const findings = seedFindings({ count: 20 });
    const emulator = new Emulator({ clock, findings });
    const api = createFindingsApi(inProcessSend(emulator), clock);
    for (const id of ['x" OR "', '") OR *', "x\\", '\\" OR @severity:critical OR "', "*", "a* OR b*"]) {
      const page = await clock.run(api.search({ query: findingsWithIds([id]).text }));
      assert.deepEqual(page.findings, [], id);
    }
    const [first] = findings;
    const page = await clock.run(api.search({ query: findingsWithIds(['x" OR "', first?.id ?? ""]).text }));
    assert.deepEqual(
      page.findings.map(({ id }) => id),
      [first?.id],
    );
  });
});
