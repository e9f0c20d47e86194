import assert from "node:assert/strict";
import { scenario } from "../../support/scenario";

describe("a list, with a clock that is set back between two deployments", () => {
  for (const [first, second] of [
    [10, -10],
    [-10, 10],
    [10, 0],
  ] as const) {
    it(`sees what a person did, and takes nothing from them (${first} min, then ${second} min)`, async () => {
      const { clock, emulator, stack, users, ids } = scenario({ findings: 3, parallel: 1, latencyMs: 20 });
      const [user = "", other = ""] = users;
      const [foreign = "", ...rest] = ids;
      stack.skewMs = first * 60_000;
      await clock.run(stack.up({ a: { findingIds: ids, assignee: user } }));
      await clock.run(clock.sleep(2_000));
      emulator.reassignByHand(foreign, other);
      await clock.run(clock.sleep(90_000));
      stack.skewMs = second * 60_000;
      const { printed } = await clock.run(stack.refresh());
      assert.match(printed.join("\n"), /a: 1 finding is not as declared/);
      const { errors } = await clock.run(stack.destroy());
      assert.deepEqual([...errors.values()], []);
      assert.equal(emulator.ownerOf(foreign), other);
      for (const id of rest) assert.equal(emulator.ownerOf(id), null);
    });
  }
});
