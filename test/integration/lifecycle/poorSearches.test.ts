import assert from "node:assert/strict";
import {
  assertOwners,
  lagPasses,
  outputsOf,
  play,
  printed,
  refreshCleanly,
  upCleanly,
} from "../../support/play";
import { searchAnswers, withFirstUnreadable } from "../../support/tamper";

describe("a search that does not tell all", () => {
  it("on one page is followed to the last: nothing drifts, and everything is released", async () => {
    await play({ findings: 100, pageCap: 50 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      await lagPasses(s);
      s.stack.printed.length = 0;
      await refreshCleanly(s);
      assert.equal(printed(s), "");
      await upCleanly(s, {});
      assertOwners(s, s.ids, null);
    });
  });

  it("because it was not finished is asked again, and told where that does not help; nothing is forgotten", async () => {
    await play({ findings: 100 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      await lagPasses(s);
      const unfinished = searchAnswers(() => ({ data: [], meta: { status: "timeout" } }));
      s.emulator.faults.push({ ...unfinished, times: 2 });
      await refreshCleanly(s);
      assert.doesNotMatch(printed(s), /not as declared/);
      assert.deepEqual(outputsOf(s, "a").findingIds, [...s.ids].sort());
      s.emulator.faults.push(unfinished);
      const { errors } = await s.stack.destroy();
      const message = errors.get("a")?.message ?? "";
      assert.match(message, /100 of 100 findings could not be unassigned; nothing was changed/);
      assert.match(message, /its status is "timeout", not "done"/);
      s.emulator.faults.clear();
      await upCleanly(s, {});
      assertOwners(s, s.ids, null);
    });
  });

  it("of what is gone leaves it released, and a person is told how many", async () => {
    await play({ findings: 20 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      await lagPasses(s);
      for (const id of s.ids.slice(0, 3)) s.emulator.removeFinding(id);
      await upCleanly(s, {});
      assert.match(printed(s), /^a: 3 findings no longer exist and count as released: /m);
      assertOwners(s, s.ids.slice(3), null);
    });
  });

  it("because one finding cannot be read leaves that one as it is, and sees the drift of the others", async () => {
    await play({ findings: 100 }, async (s, assignee, other) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      await lagPasses(s);
      const [first = "", second = ""] = s.ids;
      s.emulator.reassignByHand(second, other);
      s.emulator.faults.push(searchAnswers(withFirstUnreadable));
      await refreshCleanly(s);
      assert.deepEqual(outputsOf(s, "a").findingIds, s.ids.filter((id) => id !== second).sort());
      assert.ok(
        printed(s).includes(
          `a: 1 finding stays as it is in the state, because the search's answer cannot be read: ${first}`,
        ),
        printed(s),
      );
    });
  });

  it("because one finding cannot be read does not hold back a release", async () => {
    await play({ findings: 100 }, async (s, assignee, other) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      await lagPasses(s);
      const [, foreign = "", ...ours] = s.ids;
      s.emulator.reassignByHand(foreign, other);
      s.emulator.faults.push(searchAnswers(withFirstUnreadable));
      await upCleanly(s, {});
      assert.match(
        printed(s),
        /a: warning: 1 finding is unassigned without a check whether somebody has reassigned it \(\S+\): the search's answer cannot be read/,
      );
      assertOwners(s, [s.ids[0] ?? "", ...ours], null);
      assertOwners(s, [foreign], other);
    });
  });

  it("because the query is too long for it is asked in parts", async () => {
    await play({ findings: 100 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      await lagPasses(s);
      const match = { family: "search" } as const;
      s.emulator.faults.push({ kind: "status", status: 400, match });
      await upCleanly(s, {});
      assertOwners(s, s.ids, null);
      assert.equal(s.emulator.requests.count("search"), 3);
    });
  });

  it("because its answers have changed says so, and that the same again will not do", async () => {
    for (const [fault, advice] of [
      [
        searchAnswers(() => ({ findings: [] })),
        /next: check the ids .* the same command again does not help; .*`pulumi state delete URN`/,
      ],
      [
        { kind: "status", status: 400, times: 100, match: { family: "search" } },
        /next: check the ids .* the same command again does not help; .*`pulumi state delete URN`/,
      ],
    ] as const) {
      await play({ findings: 20 }, async (s, assignee) => {
        await upCleanly(s, { a: { findingIds: s.ids, assignee } });
        await lagPasses(s);
        s.emulator.faults.push(fault);
        const { errors } = await s.stack.destroy();
        assert.match(errors.get("a")?.message ?? "", advice);
        assertOwners(s, s.ids, assignee);
      });
    }
  });

  it("in the case that we write user ids in shows no drift", async () => {
    await play({ findings: 5 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      await lagPasses(s);
      const shouting = searchAnswers((body) =>
        JSON.parse(JSON.stringify(body).replaceAll(assignee, assignee.toUpperCase())),
      );
      s.emulator.faults.push(shouting);
      s.stack.printed.length = 0;
      await refreshCleanly(s);
      assert.equal(printed(s), "");
      await upCleanly(s, {});
      assertOwners(s, s.ids, null);
    });
  });
});
