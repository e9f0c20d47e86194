import assert from "node:assert/strict";
import { Progress } from "../../../provider/messages/progress";
import { SimulatedClock } from "../../emulator";

interface Line {
  /** Seconds since the start. */
  readonly at: number;
  readonly text: string;
}

/** What a story prints, and when. */
async function lines(story: (progress: Progress, clock: SimulatedClock) => Promise<void>): Promise<Line[]> {
  const clock = new SimulatedClock();
  const startedAt = clock.now();
  const printed: Line[] = [];
  const print = (text: string) => printed.push({ at: (clock.now() - startedAt) / 1_000, text });
  await clock.run(story(new Progress({ clock, print }), clock));
  return printed;
}

describe("progress", () => {
  it("is silent for two seconds, and where nothing is under way", async () => {
    const printed = await lines(async (progress, clock) => {
      progress.start("a", "assigned", 1).finish();
      await clock.sleep(60_000);
      const task = progress.start("b", "assigned", 1);
      await clock.sleep(1_900);
      task.finish();
      await clock.sleep(60_000);
    });
    assert.deepEqual(printed, []);
  });

  it("adds up short steps, one after another: who has finished stays in the sum", async () => {
    const printed = await lines(async (progress, clock) => {
      for (let step = 0; step < 100; step++) {
        const task = progress.start(`r${step}`, "assigned", 10);
        await clock.sleep(190);
        task.advance(10);
        task.finish();
        await clock.sleep(10);
      }
    });
    assert.deepEqual(printed, [
      { at: 2, text: "11 resources: 100 of 110 findings assigned" },
      { at: 12, text: "61 resources: 600 of 610 findings assigned" },
    ]);
  });

  it("lets what came to nothing leave the sum", async () => {
    const [line] = await lines(async (progress, clock) => {
      progress.start("a", "looked up", 10).finish();
      const task = progress.start("b", "looked up", 5);
      await clock.sleep(3_000);
      task.finish();
    });
    assert.equal(line?.text, "2 resources: 0 of 5 findings looked up");
  });

  it("comes every ten seconds at first, and at last once a minute", async () => {
    const printed = await lines(async (progress, clock) => {
      const task = progress.start("a", "assigned", 1);
      progress.waiting(86_400_000);
      await clock.sleep(3_600_000);
      task.finish();
    });
    const gaps = printed.slice(1).map(({ at }, index) => at - (printed[index]?.at ?? 0));
    assert.deepEqual(gaps.slice(0, 3), [10, 10, 10]);
    assert.ok(gaps.every((gap) => gap >= 10 && gap <= 60));
    assert.equal(gaps.at(-1), 60);
    assert.equal(printed[0]?.text, "a: 0 of 1 finding assigned, waiting 23 h 59 min for the rate limit");
  });

  it("keeps that pace through a short rest, and begins anew after a long one", async () => {
    const printed = await lines(async (progress, clock) => {
      for (const rest of [1_000, 1_000, 3_600_000, 0]) {
        const task = progress.start("a", "assigned", 1);
        await clock.sleep(5_000);
        task.finish();
        await clock.sleep(rest);
      }
    });
    assert.deepEqual(
      printed.map(({ at }) => at),
      [2, 12, 3_619],
    );
  });

  it("says why a request is sent again, until something has moved on", async () => {
    const printed = await lines(async (progress, clock) => {
      const task = progress.start("a", "assigned", 2);
      progress.retrying("503", 6_500);
      await clock.sleep(15_000);
      task.advance();
      await clock.sleep(10_000);
      task.finish();
    });
    assert.deepEqual(
      printed.map(({ text }) => text),
      [
        "a: 0 of 2 findings assigned, retrying after 503 in 5 s",
        "a: 0 of 2 findings assigned, retrying after 503",
        "a: 1 of 2 findings assigned",
      ],
    );
  });
});
