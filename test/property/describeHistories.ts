import assert from "node:assert/strict";
import { lists, type Play } from "./plays";
import { runHistories } from "./runHistories";

/** So many of a test, so that a failure shows soon. */
const HISTORIES_A_TEST = 125;

/**
 * The tests of a file: mocha runs files side by side. The seeds are always the same ones here, so that a
 * change that breaks something fails everywhere; `npm run soak` looks for new ones.
 */
export function describeHistories(firstSeed: number, count: number, play: Play = lists): void {
  describe(`random histories of ${play.what}, seeds ${firstSeed} to ${firstSeed + count - 1}`, () => {
    for (let first = firstSeed; first < firstSeed + count; first += HISTORIES_A_TEST) {
      it(`reach what is declared, take nobody's finding, and leave nothing behind (seeds from ${first})`, async () => {
        const report = await runHistories(first, HISTORIES_A_TEST, play);
        assert.equal(report.histories, HISTORIES_A_TEST);
        const { faults, kills } = report;
        assert.ok(faults > HISTORIES_A_TEST && kills > HISTORIES_A_TEST / 10, "too little went wrong");
      });
    }

    it("are the same for the same seed", async () => {
      const seeds = [firstSeed, firstSeed + 1, firstSeed + 2];
      for (const seed of seeds) assert.deepEqual(await play.play(seed), await play.play(seed));
    });
  });
}
