import assert from "node:assert/strict";
import type { Answer, FaultKind } from "../../emulator";
import {
  assertOwners,
  lagPasses,
  outputsOf,
  play,
  printed,
  refreshCleanly,
  upCleanly,
} from "../../support/play";

function tampering(change: (answer: Answer) => Answer): FaultKind {
  return { kind: "tamper", change };
}

/** The answer with other headers than Datadog's. */
function headed(headers: Readonly<Record<string, string>>): FaultKind {
  return tampering((answer) => ({ ...answer, headers: { ...answer.headers, ...headers } }));
}

describe("a wrong Date header", () => {
  for (const date of [
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Sat, 03 Jan 2026 00:00:00 GMT",
  ]) {
    it(`of ${date} is not believed: what a colleague does later is seen, and left alone`, async () => {
      await play({ findings: 3 }, async (s, assignee, other) => {
        const [given = "", gone = "", kept = ""] = s.ids;
        s.emulator.faults.random = () => headed({ date });
        await upCleanly(s, { a: { findingIds: s.ids, assignee } });
        s.emulator.faults.clear();
        assert.equal(Date.parse(String(outputsOf(s, "a").assignedAt)), s.clock.now());
        s.provider.acks.length = 0;
        await lagPasses(s);
        s.emulator.reassignByHand(given, other);
        s.emulator.removeFinding(gone);
        await refreshCleanly(s);
        assert.match(printed(s), /a: 2 findings are not as declared/);
        await s.provider.destroy();
        assertOwners(s, [given], other);
        assertOwners(s, [kept], null);
      });
    });
  }

  it("that a state of another machine has from its own clock counts for nothing, and is replaced", async () => {
    await play({ findings: 3 }, async (s, assignee) => {
      const program = { a: { findingIds: s.ids.slice(0, 2), assignee } };
      await upCleanly(s, program);
      const stored = s.provider.state.get("a");
      assert.ok(stored);
      const outputs = { ...stored.outputs, assignedAt: "9999-12-31T23:59:59.000Z" };
      s.provider.state.set("a", { ...stored, outputs });
      await upCleanly(s, { a: { findingIds: s.ids, assignee } });
      assert.equal(Date.parse(String(outputsOf(s, "a").assignedAt)), s.clock.now());
    });
  });
});
