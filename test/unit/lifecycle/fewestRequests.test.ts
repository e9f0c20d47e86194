import assert from "node:assert/strict";
import { createBatchSender } from "../../../provider/changes/batchSender";
import { ChangeQueue } from "../../../provider/changes/changeQueue";
import type { Clock } from "../../../provider/core/clock";
import { createFindingsApi } from "../../../provider/datadog/client";
import { systemClock } from "../../../provider/datadog/http/systemClock";
import { OwnerLookup } from "../../../provider/session/ownerLookup";
import { Emulator, inProcessSend, SeededRandom, SimulatedClock, seedFindings } from "../../emulator";
import { runEngine } from "../../support/simulatedEngine";

interface Play {
  readonly clock: Clock;
  readonly kind: "changes" | "look-ups";
  readonly resources: number;
  readonly findingsEach: number;
  readonly parallel: number;
  readonly latencyMs: number;
  /** The most that passes before the engine hands over the next resource, ms. */
  readonly stepMs: number;
}

/** @returns the number of requests */
async function play(options: Play): Promise<number> {
  const { clock, kind, resources, findingsEach, parallel, latencyMs, stepMs } = options;
  const random = new SeededRandom(parallel + latencyMs);
  const findings = seedFindings({ count: resources * findingsEach });
  const emulator = new Emulator({ clock, findings, latencyMs });
  const api = createFindingsApi(inProcessSend(emulator), clock);
  const [user] = emulator.users;
  assert.ok(user);
  const changes = new ChangeQueue({
    clock,
    sendBatch: createBatchSender({ api, uuid: () => random.uuid() }),
    retryDelayMs: () => 0,
  });
  const owners = new OwnerLookup(api, clock);
  const ids = findings.map(({ id }) => id);
  const deploy = async (index: number) => {
    const own = ids.slice(index * findingsEach, (index + 1) * findingsEach);
    if (kind === "look-ups") assert.equal((await owners.lookUp(own)).findings.size, own.length);
    else await changes.submit(own.map((findingId) => ({ findingId, assigneeId: user.id })));
  };
  const deployment = runEngine([...Array(resources).keys()], deploy, {
    clock,
    parallel,
    stepMs: () => random.next() * stepMs,
  });
  await (clock instanceof SimulatedClock ? clock.run(deployment) : deployment);
  if (kind === "changes") assert.ok(ids.every((id) => emulator.ownerOf(id) === user.id));
  return emulator.requests.count();
}

describe("the fewest requests", () => {
  for (const kind of ["changes", "look-ups"] as const) {
    for (const parallel of [8, 16, 32]) {
      const least = Math.max(4, Math.ceil(100 / parallel));
      const shape = { kind, resources: 100, findingsEach: 4, parallel };

      it(`${kind} of 100 resources of 4 findings, ${parallel} at once, at any latency: at most ${least + 2}`, async () => {
        for (const latencyMs of [0, 50, 100, 200]) {
          const count = await play({ ...shape, clock: new SimulatedClock(), latencyMs, stepMs: 30 });
          assert.ok(count <= least + 2, `${count} requests at ${latencyMs} ms`);
        }
      });

      it(`${kind} of as many, ${parallel} at once, on the real event loop: at most ${least + 2}`, async () => {
        const latencyMs = parallel === 16 ? 20 : 0;
        const count = await play({ ...shape, clock: systemClock, latencyMs, stepMs: 5 });
        assert.ok(count <= least + 2, `${count} requests`);
      });
    }

    it(`${kind} of 100 resources, 8 at once, in a process that is held up again and again: at most 15`, async () => {
      const random = new SeededRandom(1);
      const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));
      const holdUp = () => Atomics.wait(nobodyWakes, 0, 0, 20 + random.integer(80));
      const timer = setInterval(holdUp, 150);
      try {
        const shape = { kind, resources: 100, findingsEach: 4, parallel: 8 };
        const count = await play({ ...shape, clock: systemClock, latencyMs: 20, stepMs: 5 });
        assert.ok(count <= 15, `${count} requests`);
      } finally {
        clearInterval(timer);
      }
    });
  }

  for (const parallel of [8, 16, 32]) {
    const bound = Math.ceil(1_000 / parallel) + 5;

    it(`1,000 resources of 1 finding, ${parallel} at once: at most ${bound}`, async () => {
      const shape = { kind: "changes" as const, resources: 1_000, findingsEach: 1, parallel };
      const count = await play({ ...shape, clock: new SimulatedClock(), latencyMs: 50, stepMs: 10 });
      assert.ok(count <= bound, `${count} requests`);
    });
  }

  it("one resource after another waits for nobody after the first 3", async () => {
    const clock = new SimulatedClock();
    const startedAt = clock.now();
    const shape = { kind: "changes" as const, resources: 100, findingsEach: 4, parallel: 1 };
    assert.equal(await play({ ...shape, clock, latencyMs: 100, stepMs: 0 }), 100);
    const waitedMs = clock.now() - startedAt - 100 * 100;
    assert.ok(waitedMs <= 3 * 50, `${waitedMs} ms`);
  });
});
