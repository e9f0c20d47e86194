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

describe("a rule with the name of a property that every object has", () => {
  for (const assignee of ["user", "on-call"]) {
    it(`can be deployed a second time (${assignee})`, async () => {
      const stack = new OwnersStack({ findings: 5 });
      stack.team("payments", [0, 1], [7]);
      const owner = assignee === "user" ? stack.user(0) : "on-call:payments";
      const args = { rules: [{ name: "constructor", query: "*", assignee: owner }] };
      await stack.up(args);
      await stack.settle();
      assert.deepEqual(await stack.up(args), { changed: false });
    });
  }
});
