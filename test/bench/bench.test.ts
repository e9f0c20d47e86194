import assert from "node:assert/strict";
import { isMatrix } from "../support/isMatrix";
import { playRow } from "./playRow";
import { describeResults } from "./report";
import { type Contender, rowsOf } from "./rows";
import { describeStartUps, measureStartUps } from "./startUp";

const rows = rowsOf(0.05);
const options = { fast: true, parallel: 16 };

/** The most requests of each: 5,000 findings in the rows that have 100,000 in a full run. */
const counts: readonly (readonly [row: string, contender: Contender, most: number])[] = [
  ["100x4", "provider", 7 + 2],
  ["100x4", "naive", 100],
  ["1000x1", "provider", 63 + 5],
  ["40x10", "provider", 40],
  ["noop-100000", "provider", 0],
  // One of them asks whose the keys are.
  ["refresh-10000", "provider", 101],
  // A page and a batch for each 100 findings of each of the 20 rules, which are mixed, and a look-up for each
  // of their owners the first time.
  ["rules-first", "provider", 140 + 20],
  ["rules-300", "provider", 43],
];

describe("the bench's counts", () => {
  for (const [name, contender, most] of counts) {
    if (contender !== "provider" && !isMatrix()) continue;
    it(`${name}, ${contender}: at most ${most} requests, and all is as declared`, async () => {
      const row = rows.find((each) => each.name === name);
      assert.ok(row);
      const result = await playRow(row, contender, options);
      assert.equal(result.failure, undefined);
      assert.ok((result.requests ?? Number.POSITIVE_INFINITY) <= most, `${result.requests} requests`);
      assert.equal(result.asDeclared, row.findings + (row.appeared ?? 0));
    });
  }

  it("are shown with how long either front takes to start, and its memory", async () => {
    const startUps = await measureStartUps(1);
    for (const { ms, mb } of startUps) assert.ok(ms > 0 && mb > 0);
    const [, , ...lines] = describeStartUps(startUps).split("\n");
    assert.deepEqual(
      lines.map((line) => line.split(" | ")[0]),
      ["| dynamic provider", "| plugin"],
    );
  });

  it("stand in a Markdown table, with who cannot do what", async () => {
    const row = rows.find(({ name }) => name === "refresh-10000");
    assert.ok(row);
    const table = describeResults([row], [await playRow(row, "script", options)], true);
    assert.match(
      table,
      /\| refresh of 10,000 .* \| none \| script, official client \| no: knows no state \|/,
    );
  });
});
