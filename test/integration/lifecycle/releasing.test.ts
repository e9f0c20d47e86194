import assert from "node:assert/strict";
import { assertOwners, lagPasses, permit, play, printed, upCleanly } from "../../support/play";

describe("releasing only what is still ours", () => {
  for (const way of ["delete", "removal"] as const) {
    it(`leaves alone on ${way}, with a note, what somebody has given to another user`, async () => {
      await play({ findings: 20 }, async (s, user, other) => {
        const [foreign = "", ...ours] = s.ids;
        await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
        await lagPasses(s);
        s.emulator.reassignByHand(foreign, other);
        await lagPasses(s);
        await upCleanly(s, way === "delete" ? {} : { a: { findingIds: [], assignee: user } });
        assertOwners(s, [foreign], other);
        assertOwners(s, ours, null);
        assert.match(printed(s), /a: 1 finding left alone, because somebody has given it to another user: /);
        assert.ok(printed(s).includes(foreign));
      });
    });
  }

  it("unassigns what is ours or unowned", async () => {
    await play({ findings: 20 }, async (s, user) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      s.emulator.reassignByHand(s.ids[0] ?? "", null);
      await upCleanly(s, {});
      assertOwners(s, s.ids, null);
    });
  });

  it(`does not keep through a lag of the index what we assigned a moment ago`, async () => {
    await play({ findings: 20, searchLagMs: 120_000 }, async (s, user, other) => {
      for (const id of s.ids) s.emulator.reassignByHand(id, other);
      await lagPasses(s);
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await s.clock.sleep(10_000);
      await upCleanly(s, {});
      assertOwners(s, s.ids, null);
    });
  });

  it(`takes nothing from a colleague because another finding was assigned a moment ago`, async () => {
    await play({ findings: 20 }, async (s, user, other) => {
      const [foreign = "", late = "", ...rest] = s.ids;
      await upCleanly(s, { a: { findingIds: [foreign, ...rest], assignee: user } });
      await lagPasses(s);
      s.emulator.reassignByHand(foreign, other);
      await lagPasses(s);
      await upCleanly(s, { a: { findingIds: [foreign, late, ...rest], assignee: user } });
      await s.clock.sleep(10_000);
      await upCleanly(s, { a: { findingIds: [late, ...rest], assignee: user } });
      assertOwners(s, [foreign], other);
      assertOwners(s, [late, ...rest], user);
    });
  });

  it("takes nothing from a colleague whose finding we could not assign", async () => {
    await play({ findings: 20 }, async (s, user, other) => {
      const [foreign = "", ...rest] = s.ids;
      s.emulator.reassignByHand(foreign, other);
      await lagPasses(s);
      s.emulator.failFinding(foreign, { status: 409 });
      await s.stack.up({ a: { findingIds: s.ids, assignee: user } });
      await upCleanly(s, { a: { findingIds: rest, assignee: user } });
      assertOwners(s, [foreign], other);
    });
  });

  it("takes nothing that Datadog refused to assign, and that somebody has given to the same user since", async () => {
    await play({ findings: 20 }, async (s, user) => {
      const [refused = "", ...rest] = s.ids;
      s.emulator.failFinding(refused, { status: 409 });
      await s.stack.up({ a: { findingIds: s.ids, assignee: user } });
      await s.clock.sleep(5_000);
      s.emulator.reassignByHand(refused, user);
      await lagPasses(s);
      await upCleanly(s, { a: { findingIds: rest, assignee: user } });
      await upCleanly(s, {});
      assertOwners(s, [refused], user);
      assertOwners(s, rest, null);
    });
  });

  it("takes nothing that somebody has given back to a former owner of the resource", async () => {
    await play({ findings: 20 }, async (s, user, other) => {
      const [stuck = "", back = "", ...rest] = s.ids;
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      s.emulator.failFinding(stuck, { status: 409 });
      await s.stack.up({ a: { findingIds: s.ids, assignee: other } });
      await lagPasses(s);
      s.emulator.reassignByHand(back, user);
      await lagPasses(s);
      await s.stack.up({});
      assertOwners(s, [back], user);
      assertOwners(s, rest, null);
      s.emulator.failFinding(stuck, { status: 409, times: 0 });
      await upCleanly(s, {});
      assertOwners(s, [stuck], null);
    });
  });

  it("unassigns what the first try of a request assigned, although the second one was refused", async () => {
    await play({ findings: 2 }, async (s, user) => {
      const [refused = "", ...rest] = s.ids;
      s.emulator.onRequest = ({ phase, request }) => {
        if (phase === "after" && request.family === "assignee")
          s.emulator.failFinding(refused, { status: 409 });
      };
      s.emulator.faults.push({ kind: "applied-but-answer-lost" });
      await s.stack.up({ a: { findingIds: s.ids, assignee: user } });
      s.emulator.onRequest = undefined;
      assertOwners(s, s.ids, user);
      s.emulator.failFinding(refused, { status: 409, times: 0 });
      await lagPasses(s);
      await upCleanly(s, { a: { findingIds: rest, assignee: user } });
      assertOwners(s, [refused], null);
    });
  });

  it("unassigns without permission to search, and says so", async () => {
    await play({ findings: 20 }, async (s, user) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      permit(s, "write", "users");
      await upCleanly(s, {});
      assertOwners(s, s.ids, null);
      assert.match(
        printed(s),
        /a: warning: 20 findings are unassigned without a check whether somebody has reassigned them \(\S+, \S+, \S+, and 17 more\): .*security_monitoring_findings_read/,
      );
    });
  });

  it("keeps, one resource after another, what a later resource declares", async () => {
    await play({ findings: 20, parallel: 1 }, async (s, user) => {
      const both = { a: { findingIds: s.ids, assignee: user }, b: { findingIds: s.ids, assignee: user } };
      await upCleanly(s, both);
      for (let run = 0; run < 5; run++) {
        await upCleanly(s, { ...both, a: { findingIds: [], assignee: user } });
        assertOwners(s, s.ids, user);
        await upCleanly(s, both);
      }
    });
  });
});
