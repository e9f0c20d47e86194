import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnersStack } from "../../support/ownersStack";

const STAYS = /(\d+|more than 100) findings? in scope stays? with an owner of these rules/;

describe("a finding that changes after rules have assigned it", () => {
  const rulesOf = (stack: OwnersStack) => [
    { name: "critical", query: "@severity:critical", assignee: stack.user(0) },
    { name: "high", query: "@severity:high", assignee: stack.user(1) },
  ];

  async function changed(args: Record<string, unknown> = {}, severity = "high") {
    const stack = new OwnersStack({ findings: 60 });
    const program = { rules: rulesOf(stack), ...args };
    await stack.up(program);
    await stack.settle();
    const [critical = ""] = stack.held(0);
    stack.emulator.changeFinding(critical, { severity });
    await stack.settle();
    stack.printed.length = 0;
    stack.emulator.requests.reset();
    return { stack, critical, program, told: () => stack.printed.find((line) => STAYS.test(line)) ?? "" };
  }

  it("and matches another rule stays with its owner, as the plan says", async () => {
    const { stack, critical, program } = await changed();
    assert.equal((await stack.up(program)).changed, false);
    assert.equal(stack.emulator.ownerOf(critical), stack.user(0));
    assert.match(stack.printed.join("\n"), /1 finding left alone, owned by others: 1 by Ada Moreau/);
  });

  for (const severity of ["high", "low"]) {
    it(`and then is ${severity}, stays after a destroy, which says so for one request`, async () => {
      const { stack, critical, told } = await changed({}, severity);
      await stack.destroy();
      assert.deepEqual(stack.held(0), [critical]);
      assert.deepEqual(stack.held(1), []);
      for (const part of [
        "1 finding in scope stays",
        "1 with Ada Moreau",
        critical,
        "unassign it in Datadog",
      ])
        assert.ok(told().includes(part), stack.printed.join("\n"));
      assert.equal(stack.emulator.requests.count("search"), 2);
    });
  }

  it("is told of by an up that changes the rules, where no rule matches it any more", async () => {
    const { stack, critical, program, told } = await changed({}, "low");
    const [, high] = program.rules;
    await stack.up({ rules: [high] });
    assert.ok(told().includes(critical), stack.printed.join("\n"));
    stack.printed.length = 0;
    await stack.up({ rules: [high] });
    assert.equal(told(), "");
  });

  it("is not told of where exclude names it", async () => {
    const { stack, critical, program, told } = await changed();
    await stack.up({ ...program, exclude: [critical] });
    await stack.settle();
    stack.printed.length = 0;
    await stack.destroy();
    assert.equal(told(), "", stack.printed.join("\n"));
  });

  it("is told of whatever the length of exclude, and after many earlier versions of the rules", async () => {
    const { stack, critical, program, told } = await changed();
    const ids = seedFindings({ count: 60 }).map(({ id }) => id);
    const exclude = ids.filter((id) => id !== critical).slice(0, 23);
    for (const last of [20, 21, 22, 23]) await stack.up({ ...program, exclude: exclude.slice(0, last) });
    stack.printed.length = 0;
    await stack.destroy();
    assert.ok(told().includes("1 finding in scope stays"), stack.printed.join("\n"));
  });

  it("is told of where rules are too long for one query, and not what another version holds", async () => {
    const { stack, critical, program, told } = await changed({}, "low");
    const names = Array.from(
      { length: 90 },
      (_, index) => `no-finding-has-such-a-long-name-of-a-team-${index}`,
    );
    const teams = names.map((name) => ({ name, query: `team:${name}`, assignee: stack.user(1) }));
    await stack.up({ rules: [...teams.filter((_, index) => index % 2 === 0), ...program.rules] });
    const low = { name: "low", query: "@severity:low", assignee: stack.user(1) };
    await stack.up({ rules: [...program.rules, low, ...teams] });
    await stack.settle();
    stack.printed.length = 0;
    await stack.up({ rules: [program.rules[1]] });
    assert.ok(told().includes(critical), stack.printed.join("\n"));
    assert.ok(told().includes("1 finding in scope stays"), told());
  });

  it("and leaves the scope is not looked for", async () => {
    const { stack, critical, told } = await changed({ scope: "@severity:(critical OR high)" }, "low");
    await stack.destroy();
    assert.deepEqual(stack.held(0), [critical]);
    assert.equal(told(), "");
  });
});

describe("a destroy of rules, after which their owners have nothing else in scope", () => {
  it("says nothing, and asks nothing where one rule matches everything", async () => {
    const stack = new OwnersStack({ findings: 60 });
    await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.user(0) }] });
    await stack.settle();
    stack.printed.length = 0;
    stack.emulator.requests.reset();
    await stack.destroy();
    assert.doesNotMatch(stack.printed.join("\n"), STAYS);
    assert.equal(stack.emulator.requests.count("search"), 1);
  });
});

describe("a destroy of rules whose owners have findings by hand", () => {
  it("counts the first 100, for one request", async () => {
    const stack = new OwnersStack({ findings: 400 });
    const none = { name: "none", query: "team:nobody-has-this", assignee: stack.user(0) };
    await stack.up({ rules: [none, { name: "ben", query: "team:neither", assignee: stack.user(1) }] });
    for (const { id } of seedFindings({ count: 400 })) stack.emulator.reassignByHand(id, stack.user(0));
    await stack.settle();
    stack.printed.length = 0;
    stack.emulator.requests.reset();
    await stack.destroy();
    const line = stack.printed.find((each) => STAYS.test(each)) ?? "";
    assert.ok(line.includes("more than 100 findings in scope stay"), stack.printed.join("\n"));
    assert.ok(line.includes("of the first 100, 100 with Ada Moreau"), line);
    assert.ok(stack.emulator.requests.count("search") <= 3);
    assert.equal(stack.held(0).length, 400);
  });

  it("succeeds where the search fails by then, and says that nobody can tell", async () => {
    const stack = new OwnersStack({ findings: 60 });
    const rules = ["critical", "high"].map((name, index) => ({
      name,
      query: `@severity:${name}`,
      assignee: stack.user(index),
    }));
    await stack.up({ rules });
    await stack.settle();
    stack.printed.length = 0;
    // The first search shows what is to be released.
    const isLate = () => stack.held(0).length === 0;
    const match = { family: "search", when: isLate } as const;
    stack.emulator.faults.push({ kind: "status", status: 400, match, times: Number.POSITIVE_INFINITY });
    await stack.destroy();
    assert.equal(stack.state.size, 0);
    const line =
      "it is not known whether owners of these rules have findings in scope that no rule gives them";
    assert.ok(stack.printed.join("\n").includes(line), stack.printed.join("\n"));
  });
});
