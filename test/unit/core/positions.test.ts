import assert from "node:assert/strict";
import { atPositions, positionsOf } from "../../../provider/core/positions";
import fc from "../../support/fc";

describe("positions of a subset", () => {
  it("are runs of start and length", () => {
    assert.deepEqual(positionsOf(["a", "b", "c", "d", "e"], ["e", "b", "a"]), [0, 2, 4, 1]);
    assert.deepEqual(positionsOf(["a"], []), []);
  });

  it("give back the subset, for any list", () => {
    const lists = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 });
    fc.assert(
      fc.property(lists, fc.func(fc.boolean()), (list, isIn) => {
        const subset = list.filter((id) => isIn(id));
        assert.deepEqual(atPositions(list, positionsOf(list, subset)), subset);
      }),
    );
  });

  it("that the list does not have are ignored", () => {
    assert.deepEqual(atPositions(["a", "b"], [1, 5, 9, 1, 0]), ["b"]);
  });
});
