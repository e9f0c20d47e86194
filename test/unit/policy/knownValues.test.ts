import assert from "node:assert/strict";
import { unknownCheckingProxy } from "@pulumi/policy";
import { knownValues, unknown } from "../../../provider/policy/knownValues";
import { UNKNOWN } from "../../engine/properties";

describe("knownValues", () => {
  it("copies plain values", () => {
    const props = { text: "a", list: [1, { deep: true }], nothing: null };
    assert.deepEqual(knownValues(unknownCheckingProxy(props)), props);
  });

  it("puts a mark where a preview does not know the value yet", () => {
    const props = { whole: UNKNOWN, list: ["a", UNKNOWN], rules: [{ query: UNKNOWN, name: "x" }] };
    assert.throws(() => unknownCheckingProxy(props).whole);
    assert.deepEqual(knownValues(unknownCheckingProxy(props)), {
      whole: unknown,
      list: ["a", unknown],
      rules: [{ query: unknown, name: "x" }],
    });
  });

  it("hides no other error", () => {
    const broken = {
      get text(): string {
        throw new TypeError("broken");
      },
    };
    assert.throws(() => knownValues(broken), TypeError);
  });
});
