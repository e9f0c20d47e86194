import assert from "node:assert/strict";
import { OwnersStack } from "../../support/ownersStack";

const MEMBERS = Array.from({ length: 60 }, (_, index) => index + 2);

/** A chain of owners: nobody is on call, so a team of 60 gets the findings. */
async function deployed() {
  const stack = new OwnersStack({ findings: 600, users: 70 });
  stack.team("payments", [0, 1], []);
  stack.team("platform", MEMBERS);
  const rule = {
    name: "all",
    query: "*",
    assignees: ["on-call:payments", "team:platform"],
    pick: "first",
  };
  await stack.up({ rules: [rule] });
  await stack.settle();
  return { stack, args: { rules: [rule] } };
}

describe("a rule for who is on call, whose fallback is a team of 60", () => {
  it("releases on destroy what all of them have", async () => {
    const { stack } = await deployed();
    await stack.destroy();
    assert.deepEqual(stack.counts(), { nobody: 600 });
  });

  it("counts nothing that it has assigned as left alone", async () => {
    const { stack, args } = await deployed();
    stack.printed.length = 0;
    const { changed } = await stack.up(args);
    assert.equal(changed, false);
    assert.doesNotMatch(stack.printed.join("\n"), /left alone/);
  });

  it("leaves what they have with them when others are on call later, and releases all of it on destroy", async () => {
    const { stack, args } = await deployed();
    const before = stack.emulator.owners();
    const [free = ""] = stack.held(2);
    stack.team("payments", [0, 1], [65]);
    stack.emulator.reassignByHand(free, null);
    await stack.settle();
    await stack.up(args);
    await stack.settle();
    assert.deepEqual(stack.emulator.owners(), new Map([...before, [free, stack.user(65)]]));
    await stack.destroy();
    assert.deepEqual(stack.counts(), { nobody: 600 });
  });
});

describe("a rule for who is on call, after 60 people were", () => {
  it("releases on destroy what all of them have", async () => {
    const stack = new OwnersStack({ findings: 61, users: 70 });
    const args = { rules: [{ name: "all", query: "*", assignee: "on-call:payments" }] };
    const ids = stack.findings.map(({ id }) => id);
    for (const id of ids) stack.emulator.reassignByHand(id, stack.user(69));
    for (const [index, member] of [0, ...MEMBERS].entries()) {
      stack.emulator.reassignByHand(ids[index] ?? "", null);
      stack.team("payments", [0, 1], [member]);
      await stack.settle();
      await stack.up(args);
    }
    assert.equal(Object.keys(stack.counts()).length, 61);
    await stack.settle();
    await stack.destroy();
    assert.deepEqual(stack.counts(), { nobody: 61 });
  });
});
