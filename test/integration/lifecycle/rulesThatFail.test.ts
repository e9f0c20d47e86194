import assert from "node:assert/strict";
import { scenario } from "../../support/scenario";

describe("a finding that goes over to rules which fail, and are then dropped", () => {
  for (const parallel of [1, 4]) {
    const all = (assignee = "") => ({ rules: [{ name: "all", query: "*", assignee }] });

    it(`is released by the list that had it (${parallel} at once)`, async () => {
      const { clock, emulator, stack, users, ids } = scenario({ findings: 4, parallel, latencyMs: 20 });
      const [user = "", one = "", other = ""] = users;
      // The free one is nobody's, so that the rules contradict each other in any case.
      const [free = "", moved = "", ...rest] = ids;
      const less = { findingIds: rest, assignee: user };
      await clock.run(stack.up({ a: { findingIds: ids.filter((id) => id !== free), assignee: user } }));
      await clock.run(clock.sleep(20 * 60_000));
      // Refused, as each gives it to somebody else.
      const program = { a: less, one: all(one), other: all(other) };
      const { errors } = await clock.run(stack.up(program));
      assert.ok(errors.size > 0);
      await clock.run(clock.sleep(20 * 60_000));
      const next = await clock.run(stack.up({ a: less }));
      assert.deepEqual([...next.errors.values()], []);
      assert.equal(emulator.ownerOf(moved), null);
      for (const id of rest) assert.equal(emulator.ownerOf(id), user);
      assert.deepEqual([...(await clock.run(stack.up({ a: less }))).changed], []);
    });

    it(`is released where the list went in that up, with --continue-on-error (${parallel} at once)`, async () => {
      const { clock, emulator, stack, users, ids } = scenario({ findings: 4, parallel, latencyMs: 20 });
      const [user = "", one = "", other = ""] = users;
      const [, ...listed] = ids;
      await clock.run(stack.up({ a: { findingIds: listed, assignee: user } }));
      await clock.run(clock.sleep(20 * 60_000));
      const program = { one: all(one), other: all(other) };
      const { errors } = await clock.run(stack.up(program, { continueOnError: true }));
      assert.ok(errors.size > 0);
      await clock.run(clock.sleep(20 * 60_000));
      await clock.run(stack.up({}));
      for (const id of listed) assert.equal(emulator.ownerOf(id), null);
      assert.equal(stack.state.size, 0);
    });

    it(`is not looked at again where the rules are deployed in the same up (${parallel} at once)`, async () => {
      const { clock, emulator, stack, users, ids } = scenario({ findings: 3, parallel, latencyMs: 20 });
      const [user = "", one = ""] = users;
      const [moved = "", ...rest] = ids;
      await clock.run(stack.up({ a: { findingIds: ids, assignee: user } }));
      await clock.run(clock.sleep(20 * 60_000));
      const program = { a: { findingIds: rest, assignee: user }, one: all(one) };
      const { errors } = await clock.run(stack.up(program));
      assert.deepEqual([...errors.values()], []);
      await clock.run(clock.sleep(20 * 60_000));
      await clock.run(stack.up(program));
      assert.equal(emulator.ownerOf(moved), one);
      assert.deepEqual([...(await clock.run(stack.up(program))).changed], []);
      await clock.run(stack.destroy());
      for (const id of ids) assert.equal(emulator.ownerOf(id), null);
    });

    it(`stays in the state of the rules that had it, with --continue-on-error (${parallel} at once)`, async () => {
      const { clock, emulator, stack, users, ids } = scenario({ findings: 3, parallel, latencyMs: 20 });
      const [user = "", one = ""] = users;
      const [moved = "", ...rest] = ids;
      await clock.run(stack.up({ former: all(user) }));
      await clock.run(clock.sleep(20 * 60_000));
      emulator.failFinding(moved, { status: 403, title: "Forbidden", detail: "", times: 1_000 });
      const { errors } = await clock.run(stack.up({ one: all(one) }, { continueOnError: true }));
      assert.ok(errors.has("former"));
      assert.equal(emulator.ownerOf(moved), user);
      for (const id of rest) assert.equal(emulator.ownerOf(id), one);
      emulator.reset();
      await clock.run(clock.sleep(20 * 60_000));
      await clock.run(stack.up({}));
      for (const id of ids) assert.equal(emulator.ownerOf(id), null);
      assert.equal(stack.state.size, 0);
    });
  }
});
