import assert from "node:assert/strict";
import { SPLIT_BUDGET } from "../../../provider/changes/batchSender";
import { seedFindings } from "../../emulator";
import {
  assertOwners,
  lagPasses,
  outputsOf,
  permit,
  play,
  printed,
  requestsOf,
  upCleanly,
} from "../../support/play";
import type { Scenario } from "../../support/scenario";

/** Findings that exist, and that the search does not know yet. */
function addNew(s: Scenario, count: number): string[] {
  const fresh = seedFindings({ count, seed: 77 });
  s.emulator.addFindings(fresh);
  return fresh.map(({ id }) => id);
}

describe("missing is only what Datadog refuses by itself", () => {
  for (const onMissing of ["fail", "ignore"]) {
    for (const count of [1, 20]) {
      it(`so ${count} that the search does not know yet are assigned beside one that is gone (onMissing ${onMissing})`, async () => {
        await play({ findings: 79, searchLagMs: 60_000 }, async (s, assignee) => {
          const [gone = "", ...rest] = s.ids;
          s.emulator.removeFinding(gone);
          await lagPasses(s);
          const fresh = addNew(s, count);
          const program = { a: { findingIds: [gone, ...rest, ...fresh], assignee, onMissing } };
          const requests = await requestsOf(s, async () => {
            const { errors } = await s.stack.up(program);
            const message = errors.get("a")?.message ?? "";
            if (onMissing === "fail") assert.match(message, /^1 of \d+ findings could not be assigned/);
            else assert.equal(message, "");
            assert.ok((message + printed(s)).includes(gone));
          });
          assertOwners(s, [...rest, ...fresh], assignee);
          assert.ok(requests <= 14, `${requests} requests`);
        });
      });
    }
  }

  it("and 3 requests do where the search leaves only one", async () => {
    await play({ findings: 100, searchLagMs: 60_000 }, async (s, assignee) => {
      const [gone = "", ...rest] = s.ids;
      s.emulator.removeFinding(gone);
      await lagPasses(s);
      const program = { a: { findingIds: s.ids, assignee, onMissing: "ignore" } };
      assert.equal(await requestsOf(s, () => upCleanly(s, program)), 3);
      assert.deepEqual(outputsOf(s, "a").missing, [gone]);
      assertOwners(s, rest, assignee);
    });
  });

  it("not what is on the search's next page", async () => {
    await play({ findings: 100, pageCap: 30 }, async (s, assignee) => {
      const [gone = "", ...rest] = s.ids;
      s.emulator.removeFinding(gone);
      await upCleanly(s, { a: { findingIds: s.ids, assignee, onMissing: "ignore" } });
      assert.deepEqual(outputsOf(s, "a").missing, [gone]);
      assertOwners(s, rest, assignee);
    });
  });

  it("whatever the words are: a finding that the user may not see is no unknown user", async () => {
    await play({ findings: 20 }, async (s, assignee) => {
      const [gone = "", ...rest] = s.ids;
      s.emulator.removeFinding(gone);
      s.emulator.faults.push({
        kind: "tamper",
        change: (answer) => ({
          ...answer,
          body: JSON.stringify({ errors: ["finding not found or not visible to the user"] }),
        }),
        match: { family: "assignee" },
      });
      const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee } });
      assert.match(errors.get("a")?.message ?? "", /^1 of 20 findings could not be assigned/);
      assertOwners(s, rest, assignee);
    });
  });
});

describe('onMissing "ignore" never blocks', () => {
  for (const missing of [5, 30, 100]) {
    it(`where ${missing} of 100 are missing and may not be searched: what is not told apart waits, each deployment gets further`, async () => {
      await play({ findings: 100 }, async (s, assignee) => {
        permit(s, "write", "users");
        const gone = s.ids.filter(
          (_, index) => Math.floor((index * missing) / 100) !== Math.floor(((index + 1) * missing) / 100),
        );
        for (const id of gone) s.emulator.removeFinding(id);
        const program = { a: { findingIds: s.ids, assignee, onMissing: "ignore" } };
        let deployments = 0;
        let waiting = s.ids.length;
        while (waiting > 0) {
          const requests = await requestsOf(s, () => upCleanly(s, program));
          assert.ok(requests <= 2 + SPLIT_BUDGET, `${requests} requests`);
          const { failures } = outputsOf(s, "a");
          assert.ok(Array.isArray(failures) && failures.length < waiting, "no further");
          waiting = failures.length;
          deployments++;
        }
        assert.ok(deployments <= 2 + missing / 5, `${deployments} deployments`);
        assert.match(
          printed(s),
          /a: \d+ findings?, (of which some may not exist, wait|which may not exist, waits) for the next deployment: /,
        );
        assert.deepEqual(outputsOf(s, "a").missing, [...gone].sort());
        assertOwners(
          s,
          s.ids.filter((id) => !gone.includes(id)),
          assignee,
        );
        assert.equal(await requestsOf(s, () => upCleanly(s, program)), 0);
      });
    });
  }

  it("where most of what is declared is gone, and the search knows: a handful of deployments", async () => {
    await play({ findings: 100 }, async (s, assignee) => {
      for (const id of s.ids.slice(0, 60)) s.emulator.removeFinding(id);
      const program = { a: { findingIds: s.ids, assignee, onMissing: "ignore" } };
      for (let deployment = 0; deployment < 3; deployment++) await upCleanly(s, program);
      assert.deepEqual(outputsOf(s, "a").missing, s.ids.slice(0, 60).sort());
      assertOwners(s, s.ids.slice(60), assignee);
    });
  });

  it("and what waits for being unassigned does not either", async () => {
    await play({ findings: 100 }, async (s, assignee) => {
      await upCleanly(s, { a: { findingIds: s.ids, assignee, onMissing: "ignore" } });
      await lagPasses(s);
      permit(s, "write", "users");
      for (const id of s.ids.slice(0, 20)) s.emulator.removeFinding(id);
      for (let deployment = 0; deployment < 5; deployment++) {
        await upCleanly(s, { a: { findingIds: [], assignee, onMissing: "ignore" } });
      }
      assertOwners(s, s.ids.slice(20), null);
      assert.equal(outputsOf(s, "a").releasing, undefined);
    });
  });
});
