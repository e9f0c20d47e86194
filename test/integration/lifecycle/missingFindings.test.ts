import assert from "node:assert/strict";
import { SPLIT_BUDGET } from "../../../provider/changes/batchSender";
import {
  assertOwners,
  lagPasses,
  outputsOf,
  permit,
  play,
  printed,
  refreshCleanly,
  requestsOf,
  upCleanly,
} from "../../support/play";

const MODES = ["whole-batch-404", "failure-per-finding"] as const;

describe("one missing finding does not sink its batch", () => {
  it("costs 3 requests in all for 1 missing of 100 where Datadog refuses the whole batch", async () => {
    await play({ findings: 100 }, async (s, assignee) => {
      const [gone = "", ...others] = s.ids;
      s.emulator.removeFinding(gone);
      const program = { a: { findingIds: s.ids, assignee } };
      assert.equal(await requestsOf(s, () => s.stack.up(program)), 3);
      assertOwners(s, others, assignee);
    });
  });

  it("costs 1 request for 1 missing of 100 where Datadog fails that finding alone", async () => {
    await play({ findings: 100, missingFindings: "failure-per-finding" }, async (s, assignee) => {
      const [gone = "", ...others] = s.ids;
      s.emulator.removeFinding(gone);
      const program = { a: { findingIds: s.ids, assignee } };
      assert.equal(await requestsOf(s, () => s.stack.up(program)), 1);
      assertOwners(s, others, assignee);
    });
  });

  for (const missingFindings of MODES) {
    it(`fails with onMissing "fail", reports the missing ids and keeps the rest (${missingFindings})`, async () => {
      await play({ findings: 20, missingFindings }, async (s, assignee) => {
        const [gone = "", ...others] = s.ids;
        s.emulator.removeFinding(gone);
        const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee } });
        const message = errors.get("a")?.message ?? "";
        assert.match(message, /^1 of 20 findings could not be assigned to .*; 19 succeeded/);
        assert.ok(message.includes(`${gone}: 404`), message);
        assert.match(
          message,
          /next: take findings that no longer exist out of the program, or set onMissing/,
        );
        assert.deepEqual(outputsOf(s, "a").findingIds, [...others].sort());
        assertOwners(s, others, assignee);
      });
    });

    it(`drops them with a note with onMissing "ignore", never blocks, and takes them up again (${missingFindings})`, async () => {
      await play({ findings: 20, missingFindings }, async (s, assignee) => {
        const [gone = "", ...others] = s.ids;
        s.emulator.removeFinding(gone);
        const program = { a: { findingIds: s.ids, assignee, onMissing: "ignore" } };
        await upCleanly(s, program);
        assert.ok(printed(s).includes(`a: 1 finding does not exist and is left out: ${gone}`), printed(s));
        assertOwners(s, others, assignee);
        assert.equal(await requestsOf(s, () => upCleanly(s, program)), 0);
        s.emulator.restoreFinding(gone);
        await lagPasses(s);
        await refreshCleanly(s);
        assert.equal(await requestsOf(s, () => upCleanly(s, program)), 1);
        assertOwners(s, s.ids, assignee);
        assert.deepEqual(outputsOf(s, "a").findingIds, [...s.ids].sort());
      });
    });

    it(`counts a missing finding as done on delete and removal (${missingFindings})`, async () => {
      await play({ findings: 20, missingFindings }, async (s, assignee) => {
        const [gone = "", goneToo = "", ...others] = s.ids;
        await upCleanly(s, { a: { findingIds: s.ids, assignee } });
        s.emulator.removeFinding(gone);
        s.emulator.removeFinding(goneToo);
        await upCleanly(s, { a: { findingIds: [goneToo, ...others], assignee } });
        await upCleanly(s, {});
        assertOwners(s, others, null);
        assert.equal(s.stack.state.size, 0);
      });
    });
  }

  it("splits in halves within the stated bound of requests where the search lags", async () => {
    await play({ findings: 100, searchLagMs: 60_000 }, async (s, assignee) => {
      const [gone = "", ...others] = s.ids;
      s.emulator.removeFinding(gone);
      const program = { a: { findingIds: s.ids, assignee } };
      const requests = await requestsOf(s, () => s.stack.up(program));
      assert.ok(requests <= 3 + SPLIT_BUDGET, `${requests} requests`);
      assertOwners(s, others, assignee);
      assert.deepEqual(outputsOf(s, "a").findingIds, [...others].sort());
    });
  });

  it("splits in halves within the stated bound of requests where searching is not permitted", async () => {
    await play({ findings: 100 }, async (s, assignee) => {
      const [gone = "", ...others] = s.ids;
      s.emulator.removeFinding(gone);
      permit(s, "write", "users");
      const program = { a: { findingIds: s.ids, assignee } };
      const requests = await requestsOf(s, () => s.stack.up(program));
      assert.ok(requests <= 2 + SPLIT_BUDGET, `${requests} requests`);
      assertOwners(s, others, assignee);
    });
  });

  it("stays within the bound, reports the rest and changes nothing else where half of the batch is missing", async () => {
    await play({ findings: 100 }, async (s, assignee) => {
      const gone = s.ids.filter((_, index) => index % 2 === 0);
      for (const id of gone) s.emulator.removeFinding(id);
      permit(s, "write", "users");
      const program = { a: { findingIds: s.ids, assignee } };
      const requests = await requestsOf(s, () => s.stack.up(program));
      assert.ok(requests <= 2 + SPLIT_BUDGET, `${requests} requests`);
      const stored = outputsOf(s, "a").findingIds;
      assert.ok(Array.isArray(stored));
      for (const id of stored) assert.equal(s.emulator.ownerOf(String(id)), assignee);
    });
  });

  it("does not split a 404 that speaks of the assignee", async () => {
    await play({ findings: 100 }, async (s) => {
      const nobody = "00000000-0000-4000-8000-000000000000";
      const program = { a: { findingIds: s.ids, assignee: nobody } };
      assert.equal(await requestsOf(s, () => s.stack.up(program)), 1);
      assertOwners(s, s.ids, null);
    });
  });
});
