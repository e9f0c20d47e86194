import assert from "node:assert/strict";
import { playHistory } from "./history";
import { runHistories } from "./runHistories";

const HISTORIES = 2_000;
const PARTS = 4;

/** Always the same ones here: a change that breaks something fails everywhere. `npm run soak` looks for new ones. */
const firstSeed = Number(process.env.SEED ?? 1);

describe("random histories under random faults", () => {
  if (process.env.SEED !== undefined) {
    it(`of seed ${firstSeed} reaches the declared state`, () => playHistory(firstSeed));
    return;
  }

  for (let part = 0; part < PARTS; part++) {
    const count = HISTORIES / PARTS;
    const first = firstSeed + part * count;
    it(`reach the declared state, take nobody's finding, in the requests they need (seeds from ${first})`, async () => {
      const report = await runHistories(first, count);
      assert.equal(report.histories, count);
      assert.ok(report.faults > count && report.kills > count / 4, "too little went wrong to prove anything");
    });
  }

  it("are the same for the same seed", async () => {
    for (const seed of [1, 2, 3]) assert.deepEqual(await playHistory(seed), await playHistory(seed));
  });
});
