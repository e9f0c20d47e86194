import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { GroupCommit } from "../../../provider/lifecycle/groupCommit";
import { SimulatedClock } from "../../emulator";

describe("a lane that gathers", () => {
  /** Adds one item after each of the waits. @returns the sizes of the batches */
  const batchesOf = async (waitsMs: readonly number[], batchSize = 100): Promise<number[]> => {
    const clock = new SimulatedClock();
    const sizes: number[] = [];
    const commit = new GroupCommit<number>({
      send: async (_lane, items) => void sizes.push(items.length),
      batchSize,
      concurrency: 8,
      clock,
      gatherMs: 25,
      lingerMs: 25,
    });
    await clock.run(
      (async () => {
        for (const ms of waitsMs) {
          await clock.sleep(ms);
          commit.add("search", [ms]);
        }
        await clock.sleep(1_000);
      })(),
    );
    await turn();
    return sizes;
  };

  it("waits on as long as company keeps coming", async () => {
    assert.deepEqual(await batchesOf(Array.from({ length: 20 }, () => 20)), [20]);
  });

  it("sends what it has when nobody comes any more", async () => {
    assert.deepEqual(await batchesOf([0, 500]), [1, 1]);
  });

  it("sends a full batch at once", async () => {
    assert.deepEqual(await batchesOf([20, 20, 20, 20], 2), [2, 2]);
  });

  it("hears those who came while the process was held up for longer than the wait", async () => {
    const clock = new SimulatedClock();
    const sizes: number[] = [];
    let held = false;
    const commit = new GroupCommit<number>({
      send: async (_lane, items) => void sizes.push(items.length),
      batchSize: 100,
      concurrency: 8,
      clock: {
        now: () => clock.now(),
        sleep: async (ms) => {
          const isFirst = !held;
          held = true;
          await clock.sleep(isFirst ? 400 : ms);
          // who came meanwhile is heard only after the timers that are due
          if (isFirst) void clock.sleep(5).then(() => commit.add("search", [2]));
        },
      },
      gatherMs: 25,
    });
    commit.add("search", [1]);
    await clock.run(clock.sleep(1_000));
    await turn();
    assert.deepEqual(sizes, [2]);
  });
});
