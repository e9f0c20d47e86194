import assert from "node:assert/strict";
import { assertOwners, permit, play } from "../../support/play";

describe("a finding that Datadog refuses to change, in a batch of its own", () => {
  it("does not fail the findings of others, which nobody has refused", async () => {
    await play({ findings: 3_001, latencyMs: 50 }, async (s, user, other) => {
      const [locked = "", ...rest] = s.ids;
      s.emulator.refuseFinding(locked);
      const { errors } = await s.stack.up({
        a: { findingIds: [locked], assignee: user },
        b: { findingIds: rest, assignee: other },
      });
      assert.deepEqual([...errors.keys()], ["a"]);
      assertOwners(s, rest, other);
    });
  });

  it("is told from keys that may change nothing after three refused batches", async () => {
    await play({ findings: 3_000, latencyMs: 50 }, async (s, user) => {
      permit(s, "read", "users");
      const { errors } = await s.stack.up({ a: { findingIds: s.ids, assignee: user } });
      assert.match(errors.get("a")?.message ?? "", /^3,000 of 3,000 findings could not be assigned/);
      assert.ok(s.emulator.requests.count("assignee") <= 10, `${s.emulator.requests.count("assignee")}`);
    });
  });
});
