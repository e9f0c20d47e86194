import assert from "node:assert/strict";
import { type Arrivals, whenQuiet } from "../../../provider/changes/whenQuiet";
import type { Clock } from "../../../provider/core/clock";
import { SimulatedClock } from "../../emulator";

interface Stage {
  readonly clock: SimulatedClock;
  /** Waits once, while others come so many ms after its beginning. @returns how long it took, ms */
  readonly wait: (comeAt?: readonly number[], options?: Partial<Arrivals>) => Promise<number>;
}

function stage(clockOf: (clock: SimulatedClock) => Clock = (clock) => clock): Stage {
  const clock = new SimulatedClock();
  const schedule = whenQuiet(clockOf(clock));
  const wait: Stage["wait"] = async (comeAt = [], options = {}) => {
    const startedAt = clock.now();
    let count = 1;
    for (const ms of comeAt) void clock.sleep(ms).then(() => count++);
    const callers = () => count;
    await clock.run(schedule({ count: callers, callers, mostCallers: 1, timesAlone: 0, ...options }));
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
    assert.ok((await wait([], { timesAlone: 2 })) > 0);
    assert.equal(await wait([], { timesAlone: 3 }), 0);
  });

  it("takes longer where items come at long intervals", async () => {
    const { wait } = stage();
    assert.ok((await wait([40, 140])) > 140 + 100);
  });

  it("takes up to 200 ms where fewer are there than before", async () => {
    const { wait } = stage();
    await wait([10, 20]);
    const ms = await wait();
    assert.ok(ms > 150 && ms <= 200, `${ms} ms`);
    assert.ok((await wait()) <= 50, "who did not come is not waited for again");
  });

  it("takes up to 200 ms where more came while the batch before was under way", async () => {
    const { wait } = stage();
    await wait();
    assert.ok((await wait([], { mostCallers: 3 })) > 150);
  });

  it("ends at once where as many are there as twice before", async () => {
    const { wait } = stage();
    assert.ok((await wait([10, 20])) > 50);
    assert.ok((await wait([10, 20])) > 50, "once may be chance");
    const ms = await wait([10, 20]);
    assert.ok(ms < 50, `${ms} ms`);
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
