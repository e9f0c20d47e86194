import assert from "node:assert/strict";
import { checkAssignment } from "../../../provider/assignment/checkAssignment";
import { diffAssignment } from "../../../provider/assignment/diffAssignment";
import { previewCheck } from "../../../provider/assignment/previewAssignment";
import { createDatadogClient } from "../../../provider/datadog/client";
import { readSettings } from "../../../provider/datadog/http/settings";
import type { Send } from "../../../provider/datadog/model/transport";
import { checkOwnership } from "../../../provider/ownership/ownershipLifecycle";
import { createSession, type Session } from "../../../provider/session/session";
import { Emulator, inProcessSend, SimulatedClock, seedFindings } from "../../emulator";

const ADA = "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0";
const findings = seedFindings({ count: 5 });
const list = { resourceName: "list", findingIds: findings.map(({ id }) => id), assignee: ADA };
const rules = {
  resourceName: "rules",
  rules: [
    { name: "a", query: "team:a", assignee: ADA },
    { name: "rest", query: "*", assignee: "ada@example.com" },
  ],
};

function previewOf(clock: SimulatedClock, send: Send): { session: Session; printed: string[] } {
  const printed: string[] = [];
  const settings = readSettings({ get: () => undefined }, { DD_API_KEY: "unused", DD_APP_KEY: "unused" });
  const random = () => 0.99;
  const api = createDatadogClient({ settings, clock, random, send });
  const session = createSession({
    api,
    clock,
    random,
    uuid: () => ADA,
    print: (line) => printed.push(line),
  });
  session.notePreview();
  return { session, printed };
}

const previews: Record<string, (session: Session) => Promise<unknown>> = {
  list: (session) => previewCheck(session, {}, checkAssignment(session, list)),
  rules: (session) => checkOwnership(session, {}, rules),
};

describe("the preview of a list that changes", () => {
  it("says as its first line that the keys are refused, and then what it is to unassign", async () => {
    const clock = new SimulatedClock();
    const emulator = new Emulator({ clock, findings, keys: [{ apiKey: "another", appKey: "another" }] });
    const { session, printed } = previewOf(clock, inProcessSend(emulator));
    const [added = "", ...before] = list.findingIds;
    const state = { findingIds: before, assignee: ADA, assigneeId: ADA, resourceName: "list" };
    const news = { ...list, findingIds: [added, ...before.slice(1)] };
    checkAssignment(session, news);
    await clock.run(diffAssignment(session, "id", state, news));
    assert.match(printed[0] ?? "", /^list: .* with 403 Forbidden/);
    assert.match(printed[1] ?? "", /^list: 1 finding to unassign/);
  });
});

for (const [kind, preview] of Object.entries(previews)) {
  describe(`the preview of ${kind === "list" ? "a list" : "rules"}`, () => {
    it("says as its first line that the keys are refused", async () => {
      const clock = new SimulatedClock();
      const emulator = new Emulator({ clock, findings, keys: [{ apiKey: "another", appKey: "another" }] });
      const { session, printed } = previewOf(clock, inProcessSend(emulator));
      await clock.run(preview(session));
      assert.match(
        printed[0] ?? "",
        new RegExp(`^${kind}: .*Datadog answered [A-Z]+ \\S+ with 403 Forbidden`),
      );
    });

    for (const code of ["ENOTFOUND", "ECONNREFUSED"]) {
      it(`does not try for a minute where the host does not resolve or refuses (${code})`, async () => {
        const clock = new SimulatedClock();
        let tries = 0;
        const { session, printed } = previewOf(clock, async () => {
          tries++;
          throw Object.assign(new Error(code), { code });
        });
        const startedAt = clock.now();
        await clock.run(preview(session)).catch((error: unknown) => printed.push(String(error)));
        assert.ok(tries >= 3);
        assert.ok(clock.now() - startedAt < 60_000, `${clock.now() - startedAt} ms`);
        assert.match(printed.join("\n"), new RegExp(code));
      });
    }
  });
}
