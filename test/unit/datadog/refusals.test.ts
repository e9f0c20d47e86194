import assert from "node:assert/strict";
import type { RetrySettings } from "../../../provider/datadog/model/retrySettings";
import type { HttpRequest, HttpResponse } from "../../../provider/datadog/model/transport";
import { withRateLimit } from "../../../provider/datadog/rateLimit/rateLimitGate";
import { SimulatedClock } from "../../emulator";

const request: HttpRequest = { method: "PATCH", path: "/", family: "assignee", body: {} };
const defaults: RetrySettings = {
  enabled: true,
  timeoutMs: 600_000,
  maxRetries: 8,
  backoffBaseMs: 2_000,
  backoffMultiplier: 2,
};
const HOUR_MS = 60 * 60_000;

/** What refuses `refusals` requests with these headers, then accepts. */
function rig(headers: HttpResponse["headers"], refusals: number, settings: Partial<RetrySettings> = {}) {
  const clock = new SimulatedClock();
  const startedAt = clock.now();
  const tries: number[] = [];
  const gate = withRateLimit(
    async () => {
      tries.push(clock.now() - startedAt);
      await clock.sleep(100);
      return tries.length <= refusals
        ? { status: 429, headers, body: "{}" }
        : { status: 202, headers: {}, body: "{}" };
    },
    { clock, random: () => 0.5, retry: { ...defaults, ...settings } },
  );
  const send = async (count: number) => {
    const answers = await clock.run(Promise.all(Array.from({ length: count }, () => gate(request))));
    return answers.map(({ status }) => status);
  };
  return { clock, send, tries, passed: () => clock.now() - startedAt };
}

const FOR_EVER = Number.POSITIVE_INFINITY;

describe("429s that do not say when to come again", () => {
  it("are retried with exponential backoff, as often as any failed request", async () => {
    const { send, tries } = rig({}, FOR_EVER, { maxRetries: 3 });
    assert.deepEqual(await send(1), [429]);
    const gaps = tries.slice(1).map((at, index) => Math.round((at - (tries[index] ?? 0)) / 1_000));
    assert.deepEqual(gaps, [1, 2, 4]);
  });

  it("count for all requests together, since it is the limit that refuses: who waits is refused without being sent", async () => {
    const { send, tries } = rig({}, FOR_EVER, { maxRetries: 1 });
    assert.deepEqual(await send(100), Array(100).fill(429));
    assert.equal(tries.length, 2);
    assert.deepEqual(await send(100), Array(100).fill(429), "so is who comes while the last wait lasts");
    assert.equal(tries.length, 2);
  });

  it("are retried no longer than the timeout in all", async () => {
    const { send, tries, passed } = rig({}, FOR_EVER, { maxRetries: 1_000, timeoutMs: 10_000 });
    assert.deepEqual(await send(100), Array(100).fill(429));
    assert.equal(tries.length, 4);
    assert.ok(passed() < 10_000, `${passed()} ms`);
  });

  it("are over as soon as one is accepted: the next storm is tolerated as long as the first", async () => {
    const { clock, send, tries } = rig({}, 3, { maxRetries: 1 });
    assert.deepEqual(await send(1), [429]);
    await clock.advance(60_000);
    assert.deepEqual(await send(5), Array(5).fill(429), "one asks again, the others hear of it");
    assert.equal(tries.length, 3);
    await clock.advance(60_000);
    assert.deepEqual(await send(5), Array(5).fill(202));
  });
});

describe("429s that say when to come again", () => {
  for (const header of ["retry-after", "x-ratelimit-reset"]) {
    it(`(${header}) are waited for, whatever the retries are`, async () => {
      const { send, tries } = rig({ [header]: "30" }, 60, { maxRetries: 0, timeoutMs: 0 });
      assert.deepEqual(await send(3), [202, 202, 202]);
      assert.equal(tries.length, 63);
    });

    it(`(${header}) are waited for two hours of nothing else at most`, async () => {
      const { send, tries, passed } = rig({ [header]: "300" }, FOR_EVER);
      assert.deepEqual(await send(100), Array(100).fill(429));
      assert.ok(tries.length > 5 && tries.length <= 24, `${tries.length} tries`);
      assert.ok(passed() > 1.5 * HOUR_MS && passed() <= 2 * HOUR_MS, `${passed() / HOUR_MS} h`);
    });

    it(`(${header}) in more than two hours are not waited for at all`, async () => {
      const { send, tries, passed } = rig({ [header]: "86400" }, FOR_EVER);
      assert.deepEqual(await send(100), Array(100).fill(429));
      assert.deepEqual([tries.length, passed()], [1, 100]);
    });
  }
});

describe("without retries", () => {
  it("a 429 is an answer like any other; the others wait for the limit, and are sent once", async () => {
    const { send, tries } = rig({ "retry-after": "30" }, 1, { enabled: false });
    assert.deepEqual(await send(3), [429, 202, 202]);
    assert.equal(tries.length, 3);
  });
});
