import assert from "node:assert/strict";
import { type EmulatedFinding, seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const teams = ["a", "b", "c"];

function rulesOf(stack: OwnershipStack) {
  return teams.map((team, index) => ({ name: team, query: `team:${team}`, assignee: stack.email(index) }));
}

/** Who owns the findings of each team, by e-mail. */
function ownersByTeam(stack: OwnershipStack, findings: readonly EmulatedFinding[]) {
  return teams.map((team) => {
    const owners = findings
      .filter(({ tags }) => tags.includes(`team:${team}`))
      .map(({ id }) => stack.emulator.ownerOf(id));
    const emails = [...new Set(owners)].map(
      (id) => stack.emulator.users.find((user) => user.id === id)?.email,
    );
    return emails.join();
  });
}

describe("ownership rules that are renamed or moved", () => {
  const findings = seedFindings({ count: 300, teams });
  let stack: OwnershipStack;
  let rules: ReturnType<typeof rulesOf>;
  const asDeclared = () => rules.map(({ assignee }) => assignee);
  const patches = () => stack.emulator.requests.count({ family: "assignee" });
  beforeEach(async () => {
    stack = new OwnershipStack(findings);
    rules = rulesOf(stack);
    await stack.deploy({ security: { rules } });
    stack.emulator.requests.reset();
    stack.printed.length = 0;
  });

  it("a renamed resource releases nothing, and sends nothing", async () => {
    await stack.deploy({ renamed: { rules } });
    assert.deepEqual([...stack.state.keys()], ["renamed"]);
    assert.deepEqual(ownersByTeam(stack, findings), asDeclared());
    assert.equal(patches(), 0);
    assert.ok(
      stack.printed.includes(
        'security: 0 findings released; findings that "renamed" gives to the same owners stay with them',
      ),
      stack.printed.join("\n"),
    );
  });

  it("a renamed resource releases on destroy what an owner has who was disabled before the rename", async () => {
    const [left] = stack.emulator.users;
    assert.equal(left?.email, rules[0]?.assignee);
    if (left) stack.emulator.putUser({ ...left, disabled: true });
    await stack.deploy({ renamed: { rules } });
    assert.deepEqual(ownersByTeam(stack, findings), asDeclared());
    await stack.wait(20 * 60_000);
    await stack.deploy({});
    assert.deepEqual([...new Set(stack.emulator.owners().values())], [null]);
  });

  it("a rename that also drops a rule and puts others in another order releases what nobody declares any more", async () => {
    const [a, b, c] = rules;
    await stack.deploy({ renamed: { rules: [c, a] } });
    assert.deepEqual(ownersByTeam(stack, findings), [a?.assignee, "", c?.assignee]);
    const released = findings.filter(({ tags }) => tags.includes("team:b")).length;
    assert.ok(b && stack.printed.some((line) => line.startsWith(`security: ${released} findings released;`)));
  });

  it("rules that are split over two resources stay, also where their queries are too long to be put together", async () => {
    const long = ` -service:(${Array.from({ length: 400 }, (_, index) => `retired-${index}`).join(" OR ")})`;
    for (const more of ["", long]) {
      const [a, b, c] = rules.map((rule) => ({ ...rule, query: `${rule.query}${more}` }));
      await stack.deploy({ one: { rules: [a] }, two: { rules: [c, b] } });
      assert.deepEqual(ownersByTeam(stack, findings), asDeclared());
      await stack.deploy({ security: { rules } });
      assert.deepEqual(ownersByTeam(stack, findings), asDeclared());
    }
  });

  it("a rule that moves to another resource is not released by releaseRemoved", async () => {
    const [a, ...rest] = rules;
    for (const inOrder of [false, true]) {
      await stack.deploy(
        { security: { rules: rest, releaseRemoved: true }, other: { rules: [a] } },
        { inOrder },
      );
      assert.deepEqual(ownersByTeam(stack, findings), asDeclared());
      await stack.deploy({ security: { rules } });
      assert.deepEqual(ownersByTeam(stack, findings), asDeclared());
    }
  });

  it("a rule that moves to a resource which the engine comes to later is released and assigned once, not at each deployment", async () => {
    stack = new OwnershipStack(findings, { latencyMs: 300 });
    const [a, b] = rules.map((rule) => ({ ...rule, assignee: stack.email(0) }));
    const before = { security: { rules: [a, b], releaseRemoved: true } };
    const after = { security: { rules: [a], releaseRemoved: true }, platform: { rules: [b] } };
    await stack.deploy(before);
    await stack.wait(600_000);
    await stack.deploy(after, { inOrder: true });
    const owners = [stack.email(0), stack.email(0), ""];
    assert.deepEqual(ownersByTeam(stack, findings), owners);
    stack.emulator.requests.reset();
    for (const minutes of [6, 6, 6]) {
      await stack.wait(minutes * 60_000);
      await stack.deploy(after, { inOrder: true });
    }
    assert.equal(patches(), 0);
    assert.deepEqual(ownersByTeam(stack, findings), owners);
  });

  it("what another resource excludes is not declared by it", async () => {
    const excluded = findings.slice(0, 200).map(({ id }) => id);
    await stack.deploy({ renamed: { rules, exclude: excluded } });
    for (const [index, { id }] of findings.entries()) {
      assert.equal(stack.emulator.ownerOf(id) === null, index < 200, id);
    }
  });

  it("a resource that goes for good releases everything, and says how many", async () => {
    await stack.deploy({});
    assert.deepEqual(ownersByTeam(stack, findings), ["", "", ""]);
    assert.ok(stack.printed.includes("security: 300 findings released"), stack.printed.join("\n"));
  });

  it("destroy releases everything, however many resources declare it", async () => {
    await stack.deploy({ security: { rules }, other: { rules } });
    await stack.destroy();
    assert.deepEqual(ownersByTeam(stack, findings), ["", "", ""]);
  });
});

describe("a finding that a rule and a FindingsAssignment declare for two users", () => {
  const findings = seedFindings({ count: 10 });
  const pinned = findings.slice(0, 2).map(({ id }) => id);

  for (const order of ["assignment first", "rules first"] as const) {
    it(`stays with the assignment's, with a hint (${order})`, async () => {
      const stack = new OwnershipStack(findings);
      const rules = [{ name: "all", query: "*", assignee: stack.email(0), overwrite: true }];
      const pins = { findingIds: pinned, assignee: stack.email(1) };
      const program =
        order === "assignment first" ? { pins, security: { rules } } : { security: { rules }, pins };
      for (let deployment = 0; deployment < 2; deployment++) {
        stack.printed.length = 0;
        const changed = await stack.deploy(program);
        assert.equal(changed.size, deployment === 0 ? 2 : 0, [...changed].join());
        for (const { id } of findings) {
          const owner = stack.email(pinned.includes(id) ? 1 : 0);
          assert.equal(stack.emulator.ownerOf(id), stack.idOf(owner));
        }
        if (deployment > 0) continue;
        const said = stack.printed.filter((line) => line.includes("name them in exclude"));
        assert.equal(said.length, 1, stack.printed.join("\n"));
        const [line = ""] = said;
        assert.match(
          line,
          /2 findings of rule "all" left alone, because the FindingsAssignment "pins" declares them for somebody else/,
        );
        for (const id of pinned) assert.ok(line.includes(id));
      }
    });
  }

  it("is no contradiction where both name the same user", async () => {
    const stack = new OwnershipStack(findings);
    const rules = [{ name: "all", query: "*", assignee: stack.email(0) }];
    await stack.deploy({
      pins: { findingIds: pinned, assignee: stack.idOf(stack.email(0)) },
      security: { rules },
    });
    for (const { id } of findings) assert.equal(stack.emulator.ownerOf(id), stack.idOf(stack.email(0)));
    assert.ok(!stack.printed.some((line) => line.includes("exclude")), stack.printed.join("\n"));
  });
});
