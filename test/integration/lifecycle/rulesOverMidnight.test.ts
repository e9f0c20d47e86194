import assert from "node:assert/strict";
import { OwnersStack } from "../../support/ownersStack";

const DAY_MS = 86_400_000;

describe("a rule whose last day ends while its resource is created", () => {
  it("is no other resource: its resource does not contradict itself", async () => {
    const stack = new OwnersStack({ findings: 20, latencyMs: 20_000 });
    const now = stack.clock.now();
    const midnight = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
    const until = new Date(midnight - 1).toISOString().slice(0, 10);
    const rules = [
      { name: "temporary", query: "@severity:high", assignee: stack.user(0), until },
      { name: "rest", query: "*", assignee: stack.user(1) },
    ];
    await stack.wait(midnight - 45_000 - now);
    await stack.up({ rules });
    assert.equal(stack.counts()["nobody"], undefined);
  });
});
