import assert from "node:assert/strict";
import { playRow } from "../bench/playRow";
import { rowsOf } from "../bench/rows";

describe("the bench's script with Datadog's own client", () => {
  it("takes 3 requests for 250 findings, and all is as declared", async () => {
    const row = rowsOf().find(({ name }) => name === "250");
    assert.ok(row);
    const result = await playRow(row, "script", { fast: true, parallel: 16 });
    assert.deepEqual([result.failure, result.requests, result.asDeclared], [undefined, 3, 250]);
  });
});
