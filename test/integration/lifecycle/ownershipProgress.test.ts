import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

describe("the progress of an ownership with several rules", () => {
  it("names the resource, and counts no rule as one", async () => {
    const teams = ["a", "b"];
    const rateLimits = { assignee: { limit: 2, periodSeconds: 20 } };
    const stack = new OwnershipStack(seedFindings({ count: 1_000, teams }), { rateLimits });
    const [one, two] = [stack.email(0), stack.email(1)];
    await stack.up({
      rules: [
        { name: "a", query: "team:a", assignee: one },
        { name: "b", query: "team:b", assignee: two },
      ],
    });
    const lines = stack.printed.filter((line) => / of 1,000 findings assigned/.test(line));
    assert.ok(lines.length > 2, stack.printed.join("\n"));
    for (const line of lines) assert.match(line, /^security: [\d,]+ of 1,000 findings assigned/);
  });
});
