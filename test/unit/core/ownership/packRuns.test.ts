import assert from "node:assert/strict";
import { packRuns } from "../../../../provider/rules/packRuns";
import fc from "../../../support/fc";

/** A run's query is as long as its rules together, and as the rules before it, which it has to leave out. */
function queryOf(lengths: readonly number[]): (from: number, to: number) => string {
  return (_from, to) => "x".repeat(lengths.slice(0, to).reduce((sum, length) => sum + length, 0));
}

describe("packing rules into runs", () => {
  it("is one query where that is short enough", () => {
    const runs = packRuns(3, 60, queryOf([20, 20, 20]));
    assert.deepEqual(
      runs.map(({ from, to }) => [from, to]),
      [[0, 3]],
    );
  });

  it("cuts where the query would get too long; a rule that is too long by itself stands alone", () => {
    const lengths = [5, 5, 30, 5, 5];
    const alone = (from: number, to: number) =>
      "x".repeat(lengths.slice(from, to).reduce((sum, length) => sum + length, 0));
    const runs = packRuns(5, 20, alone);
    assert.deepEqual(
      runs.map(({ from, to }) => [from, to]),
      [
        [0, 2],
        [2, 3],
        [3, 5],
      ],
    );
  });

  it("leaves out what can find nothing", () => {
    assert.deepEqual(
      packRuns(2, 10, () => "-*"),
      [],
    );
    assert.deepEqual(
      packRuns(0, 10, () => "*"),
      [],
    );
  });

  it("covers all rules in order, none too long but a single one, and no two neighbours fit together", () => {
    const lists = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 200 }), (lengths, longest) => {
        const query = queryOf(lengths);
        const runs = packRuns(lengths.length, longest, query);
        assert.deepEqual(
          runs.flatMap(({ from, to }) => lengths.slice(from, to)),
          lengths,
        );
        for (const run of runs) {
          assert.equal(run.query, query(run.from, run.to));
          assert.ok(run.query.length <= longest || run.to === run.from + 1);
        }
        for (const [index, next] of runs.entries()) {
          const before = runs[index - 1];
          if (before) assert.ok(query(before.from, next.to).length > longest);
        }
      }),
    );
  });
});
