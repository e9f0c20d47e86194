import assert from "node:assert/strict";
import { planAssignment } from "../../../provider/core/assignmentPlan";
import { batches } from "../../../provider/core/batches";
import { findingSet } from "../../../provider/core/findingSet";
import fc from "../../support/fc";

const ids = fc.array(fc.constantFrom(..."abcdefghijklmnop"), { maxLength: 16 }).map(findingSet);
const user = fc.constantFrom("u1", "u2");

describe("the delta between what is held and what is declared", () => {
  it("gives the declared state when it is applied, for any two sets and owners", () => {
    fc.assert(
      fc.property(ids, user, ids, user, ids, (owned, oldOwner, declared, newOwner, others) => {
        const owners = new Map<string, string | null>(others.map((id) => [id, "somebody else"]));
        for (const id of owned) owners.set(id, oldOwner);
        const plan = planAssignment(
          { assigneeId: oldOwner, findingIds: owned, doubtful: [], pendingReleases: [] },
          { assigneeId: newOwner, findingIds: declared },
        );
        for (const id of plan.assign) owners.set(id, newOwner);
        for (const id of plan.release) owners.set(id, null);
        for (const id of declared) assert.equal(owners.get(id), newOwner);
        for (const id of owned) if (!declared.includes(id)) assert.equal(owners.get(id), null);
        for (const id of others) {
          if (!declared.includes(id) && !owned.includes(id)) assert.equal(owners.get(id), "somebody else");
        }
      }),
    );
  });

  it("changes no finding that is as declared already, and none twice", () => {
    fc.assert(
      fc.property(ids, user, ids, user, (owned, oldOwner, declared, newOwner) => {
        const { assign, release, keep } = planAssignment(
          { assigneeId: oldOwner, findingIds: owned, doubtful: [], pendingReleases: [] },
          { assigneeId: newOwner, findingIds: declared },
        );
        const needed = declared.filter((id) => !owned.includes(id) || oldOwner !== newOwner);
        assert.deepEqual(assign, needed);
        assert.deepEqual(
          release,
          owned.filter((id) => !declared.includes(id)),
        );
        assert.deepEqual(findingSet([...assign, ...keep]), declared);
      }),
    );
  });

  it("tries failed findings again, and unassigns those that left the set meanwhile", () => {
    const plan = planAssignment(
      { assigneeId: "u1", findingIds: ["a"], doubtful: ["b", "c"], pendingReleases: ["d", "e"] },
      { assigneeId: "u1", findingIds: ["a", "b", "e"] },
    );
    assert.deepEqual(plan, { assign: ["b", "e"], release: ["c", "d"], keep: ["a"] });
  });

  it("travels in the fewest batches", () => {
    fc.assert(
      fc.property(fc.nat(1_000), (size) => {
        const cut = batches(Array.from({ length: size }, (_, index) => index));
        assert.equal(cut.length, Math.ceil(size / 100));
        assert.deepEqual(
          cut.flat(),
          Array.from({ length: size }, (_, index) => index),
        );
      }),
    );
  });
});
