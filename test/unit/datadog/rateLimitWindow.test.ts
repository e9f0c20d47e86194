import assert from "node:assert/strict";
import type { HttpRequest, Send } from "../../../provider/datadog/model/transport";
import { withRateLimit } from "../../../provider/datadog/rateLimit/rateLimitGate";
import { Emulator, inProcessSend, SeededRandom, SimulatedClock } from "../../emulator";
import fc from "../../support/fc";

const search: HttpRequest = {
  method: "POST",
  path: "/api/v2/security/findings/search",
  family: "search",
  body: { data: { attributes: { filter: "" } } },
};

/** Each request takes up to `mostMs`, some of it on the way there: answers overtake each other. */
function unsteady(once: Send, clock: SimulatedClock, mostMs: number, random: SeededRandom): Send {
  return async (request) => {
    await clock.sleep((random.next() * mostMs) / 2);
    const answer = await once(request);
    await clock.sleep((random.next() * mostMs) / 2);
    return answer;
  };
}

describe("answers that overtake each other", () => {
  it("lead to no 429, and let everything pass, whatever limit, window and delays", async () => {
    const world = fc.record({
      limit: fc.constantFrom(1, 2, 10, 20, 100),
      periodSeconds: fc.constantFrom(1, 10, 60, 300),
      mostMs: fc.constantFrom(100, 1_000, 5_000, 15_000),
      seed: fc.integer({ min: 1, max: 1_000_000 }),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ limit, periodSeconds, mostMs, seed }) => {
        const clock = new SimulatedClock();
        const random = new SeededRandom(seed);
        const rateLimits = { search: { limit, periodSeconds } };
        const emulator = new Emulator({ clock, latencyMs: 0, rateLimits });
        const once = unsteady(inProcessSend(emulator), clock, mostMs, random);
        const send = withRateLimit(once, { clock, random: () => random.next() });
        const answers = await clock.run(Promise.all(Array.from({ length: 40 }, () => send(search))));
        assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("a 429", () => {
  function rig() {
    const clock = new SimulatedClock();
    const emulator = new Emulator({ clock, latencyMs: 200 });
    const waits: number[] = [];
    const onWait = ({ ms }: { ms: number }) => waits.push(ms);
    const send = withRateLimit(inProcessSend(emulator), { clock, random: () => 0.999, onWait });
    const many = (count: number) => clock.run(Promise.all(Array.from({ length: count }, () => send(search))));
    return { clock, emulator, many, waits };
  }

  it("of several at one moment counts once: the wait is no longer than after one", async () => {
    const { emulator, many, waits } = rig();
    await many(30);
    emulator.faults.push({ kind: "status", status: 429, times: 8 });
    await many(30);
    assert.equal(waits.length, 1);
    assert.ok((waits[0] ?? 0) <= 2_400, `${waits[0]} ms`);
  });

  for (const header of ["retry-after", "x-ratelimit-reset"]) {
    it(`that asks to wait for no time (${header}: 0) again and again is met with longer and longer waits`, async () => {
      const { emulator, many, waits } = rig();
      emulator.faults.push({ kind: "status", status: 429, headers: { [header]: "0" }, times: 6 });
      for (let i = 0; i < 7; i++) await many(1);
      assert.deepEqual(
        waits.map((ms) => Math.round(ms / 1_000)),
        [2, 4, 8, 16, 32, 60],
      );
    });
  }
});
