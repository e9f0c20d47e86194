import assert from "node:assert/strict";
import { OwnersStack } from "../../support/ownersStack";

/** Two teams with one member in common, and one that has all members of both. */
function teams(): OwnersStack {
  const stack = new OwnersStack({ findings: 20 });
  stack.team("a", [0, 1]);
  stack.team("b", [1, 2]);
  stack.team("all", [0, 1, 2]);
  return stack;
}

const patches = ({ emulator }: OwnersStack) => emulator.requests.count("assignee");

/** Deploys some times, and then once more without sending anything. */
async function assertComesToRest(stack: OwnersStack, deploy: () => Promise<unknown>): Promise<void> {
  for (let deployment = 0; deployment < 3; deployment++) {
    await deploy();
    await stack.settle();
  }
  stack.emulator.requests.reset();
  await deploy();
  assert.equal(patches(stack), 0, stack.printed.join("\n"));
}

describe("rules of two resources for teams with a member in common", () => {
  const ruleFor = (team: string, overwrite: boolean) => ({
    rules: [{ name: team, query: "*", assignee: `team:${team}`, overwrite }],
  });

  for (const inOrder of [false, true]) {
    it(`are refused where both overwrite (${inOrder ? "one after another" : "side by side"})`, async () => {
      const stack = teams();
      const program = { one: ruleFor("a", true), two: ruleFor("b", true) };
      await assert.rejects(
        stack.deploy(program, { inOrder }),
        /is given to team:[ab] by rule "[ab]" of "(one|two)" and to team:[ab] by rule "[ab]" of "(one|two)"/,
      );
      const before = patches(stack);
      await assert.rejects(stack.deploy(program, { inOrder }), /a finding has one owner/);
      assert.equal(patches(stack), before);
    });
  }

  for (const overwrite of [
    [false, false],
    [true, false],
    [false, true],
  ] as const) {
    it(`come to rest where not both overwrite (${overwrite.join(", ")})`, async () => {
      const stack = teams();
      const program = { one: ruleFor("a", overwrite[0]), two: ruleFor("b", overwrite[1]) };
      await assertComesToRest(stack, () => stack.deploy(program));
    });
  }

  it("come to rest where one team has all members of the other, also where both overwrite", async () => {
    const stack = teams();
    const program = { one: ruleFor("all", true), two: ruleFor("b", true) };
    await assertComesToRest(stack, () => stack.deploy(program, { inOrder: true }));
  });
});

describe("findings of one ticket that rules give to teams with a member in common", () => {
  const high = "@severity:high";
  /** Each finding of high severity has a ticket with one of another severity. */
  function ticketed(stack: OwnersStack): string[] {
    const others = stack.findings.filter(({ severity }) => severity !== "high");
    const pairs = stack.findings
      .filter(({ severity }) => severity === "high")
      .map(({ id }, index) => [id, others[index]?.id ?? ""]);
    for (const pair of pairs) {
      const ticket = stack.emulator.tickets.create({ system: "jira" });
      stack.emulator.tickets.attach(ticket.id, pair);
    }
    return pairs.flat();
  }
  const rulesFor = (first: string, second: string, overwrite: boolean) => ({
    rules: [
      { name: "first", query: high, assignee: `team:${first}`, overwrite },
      { name: "second", query: "*", assignee: `team:${second}`, overwrite },
    ],
  });

  for (const overwrite of [false, true]) {
    it(`fail, and are left to nobody, whether the rules overwrite or not (${overwrite})`, async () => {
      const stack = teams();
      const ids = ticketed(stack);
      const args = rulesFor("a", "b", overwrite);
      await assert.rejects(stack.up(args), /all findings of a ticket have one owner/);
      assert.deepEqual(stack.held(null), ids.sort());
      await stack.settle();
      const sent = patches(stack);
      await assert.rejects(stack.up(args), /all findings of a ticket have one owner/);
      assert.equal(patches(stack), sent);
    });
  }

  it("come to rest where one team has all members of the other", async () => {
    const stack = teams();
    ticketed(stack);
    await assertComesToRest(stack, () => stack.up(rulesFor("a", "all", true)));
  });
});
