import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const WAYS_OUT = /still use the former ones: run pulumi up first, or add --run-program/;
const RENEWED = { apiKey: "renewed", appKey: "renewed" };

describe("rules whose keys have been renewed, where Pulumi still uses the former ones", () => {
  let stack: OwnershipStack;
  beforeEach(async () => {
    stack = new OwnershipStack(seedFindings({ count: 20 }));
    await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(0) }] });
    await stack.wait(1_200_000);
    stack.emulator.keys.replace([RENEWED]);
    stack.printed.length = 0;
  });

  it("say the ways out in a refresh, which changes nothing", async () => {
    await stack.refresh();
    assert.match(stack.printed.join("\n"), WAYS_OUT);
  });

  it("say the ways out in a destroy, which fails and keeps the state", async () => {
    await assert.rejects(stack.destroy(), WAYS_OUT);
    assert.equal(stack.state.size, 1);
    assert.ok([...stack.emulator.owners().values()].every((owner) => owner !== null));
  });
});
