import assert from "node:assert/strict";
import type { Send } from "../../../provider/datadog/model/transport";
import { Emulator, inProcessSend, SimulatedClock, seedFindings } from "../../emulator";
import { Stack } from "../../stack/stack";

const ADA = "f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0";
const findings = seedFindings({ count: 5 });
const list = { findingIds: findings.map(({ id }) => id), assignee: ADA };
const rules = {
  rules: [
    { name: "a", query: "team:a", assignee: ADA },
    { name: "rest", query: "*", assignee: "ada@example.com" },
  ],
};

function stackOf(clock: SimulatedClock, send: Send): Stack {
  return new Stack({ clock, random: () => 0.99, connect: () => send, parallel: 1 });
}

describe("the preview of a list that changes", () => {
  it("says as its first line that the keys are refused, and then what it is to unassign", async () => {
    const clock = new SimulatedClock();
    const emulator = new Emulator({ clock, findings, keys: [{ apiKey: "another", appKey: "another" }] });
    const stack = stackOf(clock, inProcessSend(emulator));
    const [added = "", ...before] = list.findingIds;
    const inputs = { ...list, findingIds: before, resourceName: "list" };
    stack.state.set("list", { id: "id", inputs, outputs: { ...inputs, assigneeId: ADA }, failed: false });
    const news = { ...list, findingIds: [added, ...before.slice(1)] };
    const { printed } = await clock.run(stack.preview({ list: news }));
    assert.match(printed[0] ?? "", /^list: .* with 403 Forbidden/);
    assert.match(printed[1] ?? "", /^list: 1 finding to unassign/);
  });
});

for (const [kind, args] of Object.entries({ list, rules })) {
  describe(`the preview of ${kind === "list" ? "a list" : "rules"}`, () => {
    it("says as its first line that the keys are refused", async () => {
      const clock = new SimulatedClock();
      const emulator = new Emulator({ clock, findings, keys: [{ apiKey: "another", appKey: "another" }] });
      const { printed } = await clock.run(stackOf(clock, inProcessSend(emulator)).preview({ [kind]: args }));
      assert.match(
        printed[0] ?? "",
        new RegExp(`^${kind}: .*Datadog answered [A-Z]+ \\S+ with 403 Forbidden`),
      );
    });

    for (const code of ["ENOTFOUND", "ECONNREFUSED"]) {
      it(`does not try for a minute where the host does not resolve or refuses (${code})`, async () => {
        const clock = new SimulatedClock();
        let tries = 0;
        const stack = stackOf(clock, async () => {
          tries++;
          throw Object.assign(new Error(code), { code });
        });
        const startedAt = clock.now();
        const { printed, errors } = await clock.run(stack.preview({ [kind]: args }));
        assert.ok(tries >= 3);
        assert.ok(clock.now() - startedAt < 60_000, `${clock.now() - startedAt} ms`);
        assert.match([...printed, ...errors.values()].join("\n"), new RegExp(code));
      });
    }
  });
}
