import assert from "node:assert/strict";
import { whenQuiet } from "../../../provider/changes/whenQuiet";
import type { Clock } from "../../../provider/core/clock";
import { SimulatedClock } from "../../emulator";

interface Stage {
  readonly clock: SimulatedClock;
  /** Waits once, while others come so many ms after its beginning. @returns how long it took, ms */
  readonly wait: (comeAt?: readonly number[], timesAlone?: number, missed?: number) => Promise<number>;
}

function stage(clockOf: (clock: SimulatedClock) => Clock = (clock) => clock): Stage {
  const clock = new SimulatedClock();
  const schedule = whenQuiet(clockOf(clock));
  const wait: Stage["wait"] = async (comeAt = [], timesAlone = 0, missed = 0) => {
    const startedAt = clock.now();
    let count = 1;
    for (const ms of comeAt) void clock.sleep(ms).then(() => count++);
    await clock.run(schedule({ count: () => count, timesAlone, missed }));
    return clock.now() - startedAt;
  };
  return { clock, wait };
}

describe("the wait for others who share a batch", () => {
  it("takes at most 50 ms where nobody comes", async () => {
    const { wait } = stage();
    const ms = await wait();
    assert.ok(ms > 40 && ms <= 50, `${ms} ms`);
  });

  it("begins anew with everybody who comes", async () => {
    const { wait } = stage();
    assert.ok((await wait([10, 20, 30, 40, 50])) >= 50 + 40);
  });

  it("does not take place where nobody else came the last 3 times", async () => {
    const { wait } = stage();
    assert.ok((await wait([], 2)) > 0);
    assert.equal(await wait([], 3), 0);
  });

  it("takes longer where items have come at long intervals, and up to 200 ms", async () => {
    const { wait } = stage();
    await wait([40]);
    const ms = await wait();
    assert.ok(ms > 100 && ms <= 200, `${ms} ms`);
  });

  it("takes longer where items have come too late for a batch, and up to 200 ms", async () => {
    const { wait } = stage();
    const first = await wait();
    assert.equal(await wait([], 0, 1), 2 * first);
    for (let times = 0; times < 5; times++) await wait([], 0, 1);
    assert.ok((await wait()) <= 200);
  });

  it("hears those who came while the process was held up for longer than the wait", async () => {
    let held = 0;
    const { wait } = stage((clock) => ({
      now: () => clock.now(),
      // the first sleep ends 400 ms late, and who came meanwhile is heard only after the timers that are due
      sleep: async (ms) => clock.sleep(held++ === 0 ? 400 : ms),
    }));
    assert.ok((await wait([405])) > 440);
  });

  it("does not take a look for quiet that took far longer than it was to", async () => {
    const { wait } = stage((clock) => ({ now: () => clock.now(), sleep: (ms) => clock.sleep(5 * ms) }));
    const ms = await wait();
    assert.ok(ms > 500 && ms < 2_000, `${ms} ms, which end all the same`);
  });
});
