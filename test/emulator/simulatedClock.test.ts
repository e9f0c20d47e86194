import assert from "node:assert/strict";
import { SimulatedClock } from "./simulatedClock";

describe("simulated clock", () => {
  it("passes hours while the work sleeps", async () => {
    const clock = new SimulatedClock(1_000);
    const result = await clock.run(
      (async () => {
        for (let hour = 0; hour < 5; hour += 1) await clock.sleep(3_600_000);
        return "done";
      })(),
    );
    assert.equal(result, "done");
    assert.equal(clock.now(), 1_000 + 5 * 3_600_000);
  });

  it("wakes sleepers in the order of their time, and of their coming where that is the same", async () => {
    const clock = new SimulatedClock(0);
    const woken: string[] = [];
    const sleep = (name: string, ms: number) =>
      clock.sleep(ms).then(() => woken.push(`${name}@${clock.now()}`));
    await clock.run(Promise.all([sleep("c", 30), sleep("a", 10), sleep("b", 10), sleep("zero", 0)]));
    assert.deepEqual(woken, ["zero@0", "a@10", "b@10", "c@30"]);
  });

  it("lets one sleeper finish what it does before the next wakes", async () => {
    const clock = new SimulatedClock(0);
    const events: string[] = [];
    const work = async (name: string, ms: number) => {
      await clock.sleep(ms);
      for (let step = 0; step < 20; step += 1) await Promise.resolve();
      events.push(`${name}@${clock.now()}`);
    };
    await clock.run(Promise.all([work("first", 1), work("second", 2)]));
    assert.deepEqual(events, ["first@1", "second@2"]);
  });

  it("rejects with the signal's reason as soon as it is aborted, and forgets the sleeper", async () => {
    const clock = new SimulatedClock(0);
    const controller = new AbortController();
    const reason = new Error("cancelled");
    const slept = clock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await assert.rejects(slept, (error) => error === reason);
    assert.equal(clock.sleeping, 0);
    await assert.rejects(clock.sleep(1, controller.signal), (error) => error === reason);
    assert.equal(clock.now(), 0);
  });

  it("leaves nothing behind on a signal that is not aborted", async () => {
    const clock = new SimulatedClock(0);
    const controller = new AbortController();
    await clock.run(clock.sleep(5, controller.signal));
    controller.abort();
    assert.equal(clock.sleeping, 0);
  });

  it("hands on the error of the work", async () => {
    const clock = new SimulatedClock(0);
    const work = clock.sleep(5).then(() => Promise.reject(new TypeError("broken")));
    await assert.rejects(clock.run(work), /broken/);
  });

  it("says so where the work waits for what never comes", async () => {
    const clock = new SimulatedClock(0);
    await assert.rejects(clock.run(new Promise(() => undefined)), /wait for ever/);
  });

  it("waits for real work that is soon done", async () => {
    const clock = new SimulatedClock(0);
    const work = (async () => {
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await clock.sleep(10);
    })();
    await clock.run(work);
    assert.equal(clock.now(), 10);
  });

  it("advances by hand, and wakes whoever is due on the way", async () => {
    const clock = new SimulatedClock(0);
    const woken: number[] = [];
    clock.sleep(10).then(() => clock.sleep(10).then(() => woken.push(clock.now())));
    clock.sleep(100).then(() => woken.push(clock.now()));
    await clock.advance(50);
    assert.deepEqual(woken, [20]);
    assert.equal(clock.now(), 50);
    assert.equal(clock.sleeping, 1);
  });

  it("does thousands of sleeps a second", async () => {
    const clock = new SimulatedClock(0);
    const work = async () => {
      for (let index = 0; index < 500; index += 1) await clock.sleep(1_000 + index);
    };
    await clock.run(Promise.all(Array.from({ length: 10 }, work)));
  });
});
