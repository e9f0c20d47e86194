import assert from "node:assert/strict";
import { parseQuery } from "../../../../provider/query/parseQuery";
import { quote } from "../../../../provider/query/quote";
import fc from "../../../support/fc";

describe("quote", () => {
  it("whatever a value contains, it stays one value", () => {
    const values = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('"', "\\", " ", ")", "*", "OR") }),
    );
    fc.assert(
      fc.property(values, (value) => {
        const node = parseQuery(`@finding_id:${quote(value)}`);
        assert.ok(node.kind === "term");
        assert.deepEqual(node.value, { kind: "text", text: value, wildcards: [] });
      }),
    );
  });
});
