import assert from "node:assert/strict";
import {
  assertOwners,
  lagPasses,
  outputsOf,
  type Program,
  permit,
  play,
  printed,
  refreshCleanly,
  requestsOf,
  upCleanly,
} from "../../support/play";
import type { Scenario } from "../../support/scenario";

/** What the provider gave to be stored; whether an `up` failed is the engine's own note. */
function stateText(s: Scenario): string {
  return JSON.stringify([...s.stack.state].map(([name, { failed, ...stored }]) => [name, stored]));
}

/** Without printing both texts, which are long. */
function assertUnchanged(s: Scenario, before: string, when = "after the refresh"): void {
  assert.ok(stateText(s) === before, `the state changed ${when}`);
}

function sentIds(s: Scenario): string[] {
  return s.emulator.requests.filter("assignee").flatMap((request) => request.findingIds ?? []);
}

describe("refresh", () => {
  for (const parallel of [16, 100]) {
    it(`of 100 resources of 10 findings takes at most 12 requests, ${parallel} at once`, async () => {
      await play({ findings: 1_000, latencyMs: 200, parallel }, async (s, assignee) => {
        const program: Program = {};
        for (let index = 0; index < 100; index++) {
          program[`r${index}`] = { findingIds: s.ids.slice(10 * index, 10 * index + 10), assignee };
        }
        await upCleanly(s, program);
        const requests = await requestsOf(s, () => refreshCleanly(s));
        assert.ok(requests <= 12, `${requests} requests`);
      });
    });
  }

  it("without drift changes nothing, byte for byte", async () => {
    await play({}, async (s, user, other) => {
      const [gone = ""] = s.ids;
      s.emulator.removeFinding(gone);
      s.emulator.failFinding(s.ids[1] ?? "", { status: 409 });
      s.emulator.warnFinding(s.ids[2] ?? "", { status: 500, title: "Jira", detail: "no sync" });
      await s.stack.up({
        a: { findingIds: s.ids.slice(0, 100), assignee: user, onMissing: "ignore" },
        b: { findingIds: s.ids.slice(100), assignee: other },
      });
      const before = stateText(s);
      await refreshCleanly(s);
      assertUnchanged(s, before);
      await lagPasses(s);
      await refreshCleanly(s);
      assertUnchanged(s, before);
    });
  });

  it("shows an owner that changed or vanished, says who has the findings now, and the next up repairs exactly those", async () => {
    await play({ searchLagMs: 30_000 }, async (s, user, other) => {
      const [taken = "", freed = ""] = s.ids;
      const program = { a: { findingIds: s.ids, assignee: user } };
      await upCleanly(s, program);
      await lagPasses(s);
      s.emulator.reassignByHand(taken, other);
      s.emulator.reassignByHand(freed, null);
      await lagPasses(s);
      const before = outputsOf(s, "a");
      await refreshCleanly(s);
      const after = outputsOf(s, "a");
      assert.notDeepEqual(after, before);
      assert.deepEqual(after.findingIds, s.ids.filter((id) => id !== taken && id !== freed).sort());
      const lines = printed(s).split("\n");
      for (const line of [
        `a: 1 finding is not as declared, nobody owns it now: ${freed}`,
        `a: 1 finding is not as declared, Ben Okafor owns it now: ${taken}`,
      ]) {
        assert.ok(lines.includes(line), `${line} in ${printed(s)}`);
      }
      s.emulator.requests.reset();
      await upCleanly(s, program);
      assert.deepEqual(sentIds(s).sort(), [taken, freed].sort());
      assertOwners(s, s.ids, user);
    });
  });

  it("keeps findings that the search does not show, and says so: a PATCH alone proves that they are gone", async () => {
    await play({}, async (s, user) => {
      const [gone = "", goneToo = "", ...others] = s.ids;
      const program = {
        strict: { findingIds: [gone, ...others], assignee: user },
        lax: { findingIds: [goneToo], assignee: user, onMissing: "ignore" },
      };
      await upCleanly(s, program);
      await lagPasses(s);
      s.emulator.removeFinding(gone);
      s.emulator.removeFinding(goneToo);
      const before = stateText(s);
      await refreshCleanly(s);
      assertUnchanged(s, before);
      assert.ok(
        printed(s).includes("strict: the search does not show 1 finding: gone, hidden from these keys"),
      );
      assert.ok(printed(s).includes(`because it may still exist: ${gone}`), printed(s));
      await s.stack.destroy();
      assert.match(printed(s), /strict: 1 finding no longer exists and counts as released/);
      assertOwners(s, others, null);
      assert.equal(s.stack.state.size, 0);
    });
  });

  it("takes no lag of the search index just after an assignment for drift", async () => {
    await play({ searchLagMs: 60_000 }, async (s, user, other) => {
      for (const id of s.ids.slice(0, 50)) s.emulator.reassignByHand(id, other);
      await lagPasses(s);
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      const before = stateText(s);
      for (let seconds = 0; seconds < 90; seconds += 15) {
        await refreshCleanly(s);
        assertUnchanged(s, before, `${seconds} s after the assignment`);
        await s.clock.sleep(15_000);
      }
    });
  });

  it("sees a change by hand that came after our own, however short", async () => {
    await play({}, async (s, user, other) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await s.clock.sleep(2_000);
      s.emulator.reassignByHand(s.ids[0] ?? "", other);
      await refreshCleanly(s);
      assert.deepEqual(outputsOf(s, "a").findingIds, s.ids.slice(1).sort());
    });
  });

  it("of keys that may not search warns, naming the permission, and the state stays", async () => {
    await play({}, async (s, user, other) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      s.emulator.reassignByHand(s.ids[0] ?? "", other);
      permit(s, "write", "users");
      const before = stateText(s);
      await refreshCleanly(s);
      assertUnchanged(s, before);
      assert.match(printed(s), /security_monitoring_findings_read/);
    });
  });
});
