import assert from "node:assert/strict";
import { checkAssignment } from "../../../provider/assignment/checkAssignment";
import { createAssignment } from "../../../provider/assignment/createAssignment";
import { deleteAssignment } from "../../../provider/assignment/deleteAssignment";
import { readAssignment } from "../../../provider/assignment/readAssignment";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";
import { assertOwners, lagPasses, play, upCleanly } from "../../support/play";
import { scenario } from "../../support/scenario";

const REFUSED = { status: 403, title: "Forbidden", detail: "", times: 1_000 };

describe("a finding that moves to a resource which fails, and is then dropped", () => {
  it("is released by the former resource, also where the other one was checked while the release was under way", async () => {
    const findings = seedFindings({ count: 3 });
    const [moved = "", one = "", two = ""] = findings.map(({ id }) => id);
    for (const staggerMs of [10, 40, 70, 110]) {
      const stack = new OwnershipStack(findings, { latencyMs: 30 });
      const [user, other] = [stack.email(0), stack.email(1)];
      const a = { findingIds: [one], assignee: user };
      const b = { findingIds: [two], assignee: other };
      await stack.deploy({ a: { findingIds: [moved, one], assignee: user }, b });
      await stack.wait(20 * 60_000);
      stack.emulator.failFinding(moved, REFUSED);
      await assert.rejects(
        stack.deploy({ a, b: { findingIds: [moved, two], assignee: other } }, { staggerMs }),
      );
      await stack.wait(20 * 60_000);
      stack.emulator.reset();
      await stack.deploy({ a, b });
      assert.equal(stack.emulator.ownerOf(moved), null, `checked after ${staggerMs} ms`);
    }
  });

  it("is released by the rules that gave it away, with releaseRemoved, however long that takes", async () => {
    const { clock, emulator, stack, users, ids } = scenario({ findings: 5, parallel: 2, latencyMs: 20 });
    const [user = "", other = ""] = users;
    const [moved = "", ...rest] = ids;
    const rule = { name: "all", query: "*", assignee: user };
    const list = { findingIds: [moved], assignee: other };
    const security = { rules: [{ ...rule, query: `@finding_id:"${rest[0]}"` }], releaseRemoved: true };
    await clock.run(stack.up({ security: { rules: [rule] } }));
    await clock.run(clock.sleep(20 * 60_000));
    emulator.failFinding(moved, REFUSED);
    for (let time = 0; time < 3; time++) {
      const { errors } = await clock.run(stack.up({ security, list }));
      assert.deepEqual([...errors.keys()], ["list"]);
      assert.equal(emulator.ownerOf(moved), user);
      await clock.run(clock.sleep(20 * 60_000));
    }
    emulator.reset();
    await clock.run(stack.up({ security }));
    assert.equal(emulator.ownerOf(moved), null);
  });

  it("stays in the state of rules that go in an up with --continue-on-error", async () => {
    const { clock, emulator, stack, users, ids } = scenario({ findings: 5, parallel: 1, latencyMs: 20 });
    const [user = "", other = ""] = users;
    const [moved = "", ...rest] = ids;
    const list = { findingIds: [moved], assignee: other };
    await clock.run(stack.up({ security: { rules: [{ name: "all", query: "*", assignee: user }] } }));
    await clock.run(clock.sleep(20 * 60_000));
    emulator.failFinding(moved, REFUSED);
    const { errors } = await clock.run(stack.up({ list }, { continueOnError: true }));
    assert.deepEqual([...errors.keys()].sort(), ["list", "security"]);
    assert.match(
      errors.get("security")?.message ?? "",
      new RegExp(`another resource declares it, .*${moved}`),
    );
    for (const id of rest) assert.equal(emulator.ownerOf(id), null);
    await clock.run(clock.sleep(20 * 60_000));
    emulator.reset();
    const next = await clock.run(stack.up({}));
    assert.deepEqual([...next.errors.values()], []);
    assert.equal(emulator.ownerOf(moved), null);
    assert.equal(stack.state.size, 0);
  });

  it("stays with its owner where the two lists have one name, in two components", async () => {
    await play({ findings: 2 }, async (s, user, other) => {
      const [moved = ""] = s.ids;
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      const { id, outputs } = s.stack.state.get("a") ?? assert.fail();
      const session = s.openSession();
      await readAssignment(session, id, outputs);
      s.emulator.failFinding(moved, REFUSED);
      const news = { findingIds: [moved], assignee: other, resourceName: "a" };
      assert.deepEqual(checkAssignment(session, news).failures, []);
      await assert.rejects(createAssignment(session, news), /403 Forbidden/);
      s.emulator.reset();
      // As an up with --continue-on-error goes on.
      await assert.rejects(deleteAssignment(session, id, outputs), /another resource declares it/);
      assertOwners(s, [moved], user);
    });
  });
});
