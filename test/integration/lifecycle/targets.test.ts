import assert from "node:assert/strict";
import { assertOwners, lagPasses, type Program, play, refreshCleanly, upCleanly } from "../../support/play";
import { type Scenario, scenario } from "../../support/scenario";

const ORDERS = [
  ["a", "b"],
  ["b", "a"],
] as const;

interface Story {
  readonly s: Scenario;
  /** `a` has the finding. */
  readonly before: Program;
  /** The finding has gone over to `b`. */
  readonly after: Program;
  readonly moved: string;
}

/** A finding moves from `a` to `b`, for another user. */
async function move(tell: (story: Story, user: string, other: string) => Promise<void>): Promise<void> {
  await play({ findings: 3, parallel: 1, latencyMs: 20 }, async (s, user, other) => {
    const [moved = "", one = "", two = ""] = s.ids;
    const before = {
      a: { findingIds: [moved, one], assignee: user },
      b: { findingIds: [two], assignee: other },
    };
    const after = {
      a: { findingIds: [one], assignee: user },
      b: { findingIds: [moved, two], assignee: other },
    };
    await upCleanly(s, before);
    await lagPasses(s);
    await tell({ s, before, after, moved }, user, other);
  });
}

describe("a finding that is declared somewhere in the program", () => {
  for (const order of ORDERS) {
    const said = order.join(" before ");
    for (const target of ["a", "b"]) {
      it(`is assigned after the next whole up, after an up with --target ${target}, or --exclude of the other (${said})`, async () => {
        await move(async ({ s, after, moved }, _, other) => {
          await s.stack.up(after, { only: [target] });
          assertOwners(s, [moved], target === "a" ? null : other);
          await s.stack.up(after, { only: order });
          assertOwners(s, [moved], other);
          await s.clock.sleep(2_000);
          await s.stack.up(after, { only: order });
          assertOwners(s, [moved], other);
        });
      });

      it(`is assigned after the next whole up where it moved back after --target ${target} (${said})`, async () => {
        await move(async ({ s, before, after, moved }, user) => {
          await s.stack.up(after, { only: [target] });
          await lagPasses(s);
          await refreshCleanly(s);
          await s.stack.up(before, { only: order });
          assertOwners(s, [moved], user);
        });
      });
    }

    it(`is assigned after the next whole up where it moved back after --target b, whose answer was lost (${said})`, async () => {
      await move(async ({ s, before, after, moved }, user, other) => {
        s.emulator.faults.push({
          kind: "applied-but-answer-lost",
          times: Number.POSITIVE_INFINITY,
          match: { family: "assignee" },
        });
        const { errors } = await s.stack.up(after, { only: ["b"] });
        assert.ok(errors.has("b"));
        assertOwners(s, [moved], other);
        s.emulator.reset();
        await s.stack.up(before, { only: order });
        assertOwners(s, [moved], user);
      });
    });

    it(`is assigned after the next whole up where its new resource failed (${said})`, async () => {
      await move(async ({ s, after, moved }, user, other) => {
        s.emulator.failFinding(moved, { status: 403, title: "Forbidden", detail: "", times: 1_000 });
        const { errors } = await s.stack.up(after, { only: order });
        assert.ok(errors.has("b"));
        assertOwners(s, [moved], user);
        s.emulator.reset();
        await s.stack.up(after, { only: order });
        assertOwners(s, [moved], other);
      });
    });
  }
});

describe("an up with --continue-on-error", () => {
  for (const dropped of [false, true]) {
    const then = dropped ? "released once the program drops it" : "assigned by the next up";
    it(`deletes no resource whose finding another one could not get; the finding is ${then}`, async () => {
      const { clock, emulator, stack, users, ids } = scenario({ findings: 3, parallel: 1, latencyMs: 20 });
      const [user = "", other = ""] = users;
      const [moved = "", one = "", two = ""] = ids;
      const b = { findingIds: [two], assignee: other };
      const after = { b: { findingIds: [moved, two], assignee: other } };
      await clock.run(stack.up({ a: { findingIds: [moved, one], assignee: user }, b }));
      await clock.run(clock.sleep(600_000));
      emulator.failFinding(moved, { status: 403, title: "Forbidden", detail: "", times: 1_000 });
      const { errors } = await clock.run(stack.up(after, { continueOnError: true }));
      assert.deepEqual([...errors.keys()].sort(), ["a", "b"]);
      assert.deepEqual([emulator.ownerOf(moved), emulator.ownerOf(one)], [user, null]);
      emulator.reset();
      const next = await clock.run(stack.up(dropped ? { b } : after));
      assert.deepEqual([...next.errors.values()], []);
      assert.equal(emulator.ownerOf(moved), dropped ? null : other);
      assert.deepEqual([...stack.state.keys()], ["b"]);
    });
  }
});

describe("a destroy with --target of a resource whose finding an untargeted one declares, too", () => {
  it("releases it, since the other one is not checked; up --refresh finds it", async () => {
    const { clock, emulator, stack, users, ids } = scenario({ findings: 2, parallel: 1, latencyMs: 20 });
    const [user = ""] = users;
    const b = { findingIds: ids, assignee: user };
    await clock.run(stack.up({ a: b, b }));
    await clock.run(clock.sleep(600_000));
    await clock.run(stack.destroy(["a"]));
    for (const id of ids) assert.equal(emulator.ownerOf(id), null);
    await clock.run(clock.sleep(600_000));
    const { errors } = await clock.run(stack.up({ b }, { refresh: true }));
    assert.deepEqual([...errors.values()], []);
    for (const id of ids) assert.equal(emulator.ownerOf(id), user);
  });
});

describe("an up with --target of rules which take a finding that an untargeted list declares", () => {
  for (const overwrite of [true, false]) {
    it(`gives it back with up --refresh (${overwrite ? "overwrite" : "released by hand before"})`, async () => {
      const { clock, emulator, stack, users, ids } = scenario({ findings: 3, parallel: 1, latencyMs: 20 });
      const [user = "", other = ""] = users;
      const [declared = ""] = ids;
      const list = { findingIds: [declared], assignee: user };
      const security = { rules: [{ name: "all", query: "*", assignee: other, overwrite }] };
      await clock.run(stack.up({ list }));
      await clock.run(clock.sleep(600_000));
      if (!overwrite) emulator.reassignByHand(declared, null);
      await clock.run(stack.up({ list, security }, { only: ["security"] }));
      for (const id of ids) assert.equal(emulator.ownerOf(id), other);
      await clock.run(clock.sleep(600_000));
      const { errors } = await clock.run(stack.up({ list, security }, { refresh: true }));
      assert.deepEqual([...errors.values()], []);
      assert.deepEqual(
        ids.map((id) => emulator.ownerOf(id)),
        [user, other, other],
      );
    });
  }
});
