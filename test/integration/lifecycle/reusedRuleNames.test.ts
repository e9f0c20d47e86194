import assert from "node:assert/strict";
import { OwnersStack } from "../../support/ownersStack";

describe("a rule that gets another query and another owner under its old name", () => {
  it("leaves alone what a person gave to its former owner, and what its former query never matched", async () => {
    const stack = new OwnersStack({ findings: 40 });
    const given = stack.findings.find(({ severity }) => severity === "critical")?.id ?? "";
    stack.emulator.reassignByHand(given, stack.user(0));
    await stack.settle();
    await stack.up({ rules: [{ name: "audit", query: "@severity:high", assignee: stack.user(0) }] });
    await stack.settle();
    await stack.up({ rules: [{ name: "audit", query: "@severity:critical", assignee: stack.user(1) }] });
    assert.equal(stack.emulator.ownerOf(given), stack.user(0), stack.printed.join("\n"));
  });
});
