import assert from "node:assert/strict";
import { groupBy } from "../../../../provider/core/groupBy";
import { spreadFindings } from "../../../../provider/rules/spreadFindings";
import fc from "../../../support/fc";

const findingIds = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9~=_-]{1,40}$/), {
  minLength: 1,
  maxLength: 60,
});
const users = fc.uniqueArray(fc.record({ userId: fc.uuid(), weight: fc.constantFrom(1, 1, 1, 2, 0.5) }), {
  minLength: 2,
  maxLength: 12,
  selector: ({ userId }) => userId,
});

function numbered(count: number, name: string): string[] {
  return Array.from({ length: count }, (_, index) => `${name}${index}`);
}

function equals(count: number, name: string) {
  return numbered(count, name).map((userId) => ({ userId, weight: 1 }));
}

function countsOf(owners: ReadonlyMap<string, string>): Map<string, number> {
  return new Map([...groupBy(owners.values(), (userId) => userId)].map(([id, all]) => [id, all.length]));
}

describe("findings spread over users", () => {
  it("go to the same user on every machine", () => {
    const owners = spreadFindings(
      ["ZGVmLTAwcC1pZXJ-aS0wZjhjNjMyZDNmMzRlZTgzNw==", "AbCdEfGhIjKlMnOpQrStUvWx", "a", "b", "c", "d"],
      [
        { userId: "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0", weight: 1 },
        { userId: "0b1a8f51-7c5e-4a64-8f4b-64d2e6b8c3aa", weight: 2 },
        { userId: "7d9e2c40-1f3b-4d8a-9c6e-5a4b3c2d1e0f", weight: 1 },
      ],
    );
    assert.deepEqual(
      [...owners].map(([id, userId]) => `${id.slice(0, 6)} ${userId.slice(0, 4)}`),
      ["AbCdEf f315", "ZGVmLT 7d9e", "a f315", "b 0b1a", "c 7d9e", "d 7d9e"],
    );
  });

  it("go to the same user in whatever order findings and users come, and whichever findings are asked for", () => {
    fc.assert(
      fc.property(findingIds, users, fc.nat(), (ids, recipients, some) => {
        const all = spreadFindings(ids, recipients);
        assert.deepEqual(spreadFindings([...ids].reverse(), [...recipients].reverse()), all);
        const one = ids[some % ids.length] ?? "";
        assert.equal(spreadFindings([one], recipients).get(one), all.get(one));
      }),
    );
  });

  it("stay with whom they are: who joins takes only what that user gets, and who leaves loses only that", () => {
    fc.assert(
      fc.property(findingIds, users, (ids, [joiner, ...others]) => {
        assert.ok(joiner);
        const without = spreadFindings(ids, others);
        const together = spreadFindings(ids, [joiner, ...others]);
        for (const id of ids) {
          if (together.get(id) !== joiner.userId) assert.equal(together.get(id), without.get(id));
        }
      }),
    );
  });

  it("of somebody who leaves are spread over all others", () => {
    const staying = equals(4, "user");
    const ids = numbered(900, "finding");
    const before = spreadFindings(ids, [...staying, { userId: "leaver", weight: 1 }]);
    const moved = ids.filter((id) => before.get(id) === "leaver");
    const after = countsOf(spreadFindings(moved, staying));
    for (const { userId } of staying) {
      assert.ok((after.get(userId) ?? 0) > moved.length / 8, JSON.stringify([...after]));
    }
  });

  it("give nobody 20 % more than the share, of 1,000 findings and by whatever number of users", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.string(), (count, name) => {
        const ids = numbered(1_000, `${name}-finding-`);
        const most = Math.max(...countsOf(spreadFindings(ids, equals(count, `${name}-user-`))).values());
        const share = 1_000 / count;
        assert.ok(most <= Math.max(Math.ceil(share), 1.2 * share), `${most} of a share of ${share}`);
      }),
      { numRuns: 60 },
    );
  });

  it("are nearly all where chance puts them, however many there are", () => {
    const ids = numbered(1_000, "finding");
    const recipients = equals(20, "user");
    const together = spreadFindings(ids, recipients);
    const elsewhere = ids.filter((id) => spreadFindings([id], recipients).get(id) !== together.get(id));
    assert.ok(elsewhere.length <= 20, `${elsewhere.length}`);
  });

  it("are shared by weight", () => {
    const recipients = [
      { userId: "one", weight: 1 },
      { userId: "two", weight: 2 },
      { userId: "three", weight: 3 },
    ];
    const counts = countsOf(spreadFindings(numbered(6_000, "finding"), recipients));
    for (const { userId, weight } of recipients) {
      const share = weight * 1_000;
      assert.ok(Math.abs((counts.get(userId) ?? 0) - share) < 0.1 * share, JSON.stringify([...counts]));
    }
  });

  it("count somebody who is named twice once, with the higher weight", () => {
    const ids = numbered(50, "finding");
    const twice = [...equals(3, "user"), { userId: "USER1", weight: 2 }];
    const once = [
      { userId: "user0", weight: 1 },
      { userId: "user1", weight: 2 },
      { userId: "user2", weight: 1 },
    ];
    assert.deepEqual(spreadFindings(ids, twice), spreadFindings(ids, once));
  });

  it("need somebody to go to", () => {
    assert.throws(() => spreadFindings(["a"], []), RangeError);
    assert.equal(spreadFindings([], []).size, 0);
  });
});
