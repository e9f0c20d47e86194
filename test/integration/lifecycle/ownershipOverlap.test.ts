import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const teams = ["a", "b"];
const findings = seedFindings({ count: 20, teams });

describe("rules of two resources that match the same findings", () => {
  let stack: OwnershipStack;
  const one = () => ({ rules: [{ name: "all", query: "*", assignee: stack.email(0) }] });
  const other = (more: object = {}) => ({
    rules: [{ name: "team a", query: "team:a", assignee: stack.email(1), ...more }],
  });
  const patches = () => stack.emulator.requests.count({ family: "assignee" });
  const words =
    /finding \S+ is given to \S+ by rule "(all|team a)" of "(one|other)" and to \S+ by rule "(all|team a)" of "(one|other)", and so (is|are) \d+ more findings?:/;
  beforeEach(() => {
    stack = new OwnershipStack(findings);
  });

  it("are refused also where one takes from its former owner what the other leaves to that one", async () => {
    await stack.up({ rules: [{ name: "all", query: "*", assignee: stack.email(2) }] });
    await stack.wait(20 * 60_000);
    const program = { other: other(), security: one() };
    await assert.rejects(
      stack.deploy(program, { inOrder: true }),
      /is given to .* by rule "all" of "security"/,
    );
  });

  for (const order of ["one first", "other first"] as const) {
    const program = () =>
      order === "one first" ? { one: one(), other: other() } : { other: other(), one: one() };

    it(`are refused before a PATCH, with a finding, both resources and both rules (${order})`, async () => {
      await assert.rejects(stack.deploy(program()), words);
      assert.equal(patches(), 0);
    });

    it(`are refused also where the second comes late: then nothing of its own is sent (${order})`, async () => {
      const [first = "", second = ""] = Object.keys(program());
      await assert.rejects(stack.deploy(program(), { inOrder: true }), words);
      assert.deepEqual([...stack.state.keys()], [first]);
      const owner = stack.idOf(stack.email(second === "one" ? 0 : 1));
      assert.ok([...stack.emulator.owners().values()].every((each) => each !== owner));
    });

    it(`are refused where everything is assigned already (${order})`, async () => {
      await stack.up(one());
      await stack.deploy({ one: one() });
      stack.emulator.requests.reset();
      await assert.rejects(stack.deploy(program()), words);
      assert.equal(patches(), 0);
    });
  }

  it("are refused by the preview", async () => {
    await assert.rejects(stack.previewAll({ one: one(), other: other() }), words);
  });

  it("are not refused where they agree on the owner, whatever name they give", async () => {
    await stack.deploy({ one: one(), other: other({ assignee: stack.idOf(stack.email(0)) }) });
    for (const { id } of findings) assert.equal(stack.emulator.ownerOf(id), stack.idOf(stack.email(0)));
  });

  it("are not refused where they have no finding in common", async () => {
    const [a, b] = teams.map((team, index) => ({
      rules: [{ name: "rest", query: "*", assignee: stack.email(index) }],
      scope: `team:${team}`,
    }));
    assert.ok(a && b);
    await stack.deploy({ a, b });
    stack.emulator.requests.reset();
    assert.equal((await stack.deploy({ a, b })).size, 0);
    assert.ok(stack.emulator.requests.count() <= 6, `${stack.emulator.requests.count()} requests`);
  });

  it("are refused where they have one name in two components", async () => {
    const named = (args: object) => ({ ...args, resourceName: "security" });
    await assert.rejects(
      stack.deploy({ one: named(one()), other: named(other()) }),
      /is given to \S+ by rule "[a-z ]+" of "security" and to \S+ by rule "[a-z ]+" of "security"/,
    );
    assert.equal(patches(), 0);
  });
});

describe("an overwriting rule", () => {
  it("says what it takes back of what its last deployment gave away, and somebody has got since", async () => {
    const stack = new OwnershipStack(findings);
    const rules = [{ name: "all", query: "*", assignee: stack.email(0), overwrite: true }];
    await stack.up({ rules });
    await stack.wait(60_000);
    const given = findings.slice(0, 3).map(({ id }) => id);
    for (const id of given) stack.emulator.reassignByHand(id, stack.idOf(stack.email(3)));
    stack.printed.length = 0;
    await stack.up({ rules });
    const name = stack.emulator.users.find(({ email }) => email === stack.email(3))?.name;
    assert.ok(
      stack.printed.includes(
        `  3 findings of rule "all" were given to ${name} since the last deployment: by a person, by another stack, or by a FindingsAssignment that this program declares later; ` +
          "this deployment takes them back",
      ),
      stack.printed.join("\n"),
    );
    for (const id of given) assert.equal(stack.emulator.ownerOf(id), stack.idOf(stack.email(0)));
  });

  it("says so too where that is an owner of another of its rules, as with two stacks of one company", async () => {
    const stack = new OwnershipStack(findings);
    const rules = [
      { name: "a", query: "team:a", assignee: stack.email(0), overwrite: true },
      { name: "rest", query: "*", assignee: stack.email(1), overwrite: true },
    ];
    await stack.up({ rules });
    await stack.wait(20 * 60_000);
    const ofTeamA = findings.filter(({ tags }) => tags.includes("team:a")).map(({ id }) => id);
    for (const id of ofTeamA) stack.emulator.reassignByHand(id, stack.idOf(stack.email(1)));
    stack.printed.length = 0;
    await stack.up({ rules });
    assert.match(
      stack.printed.join("\n"),
      new RegExp(
        `  ${ofTeamA.length} findings of rule "a" were given to .* since the last deployment: by a person, by another stack`,
      ),
    );
  });

  it("does not say so of what another of its own rules has just given away", async () => {
    const stack = new OwnershipStack(findings);
    const rules = [{ name: "all", query: "*", assignee: stack.email(0), overwrite: true }];
    await stack.up({ rules });
    await stack.wait(20 * 60_000);
    const split = [{ name: "a", query: "team:a", assignee: stack.email(1), overwrite: true }, ...rules];
    await stack.up({ rules: split });
    await stack.up({ rules });
    assert.ok(!stack.printed.join("\n").includes("since the last deployment"), stack.printed.join("\n"));
  });
});
