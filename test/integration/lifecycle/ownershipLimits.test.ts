import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const findings = seedFindings({ count: 30 });
const ids = findings.map(({ id }) => id);
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

describe("maxChanges and what goes over to a rule in the same up", () => {
  let stack: OwnershipStack;
  const rules = () => [{ name: "all", query: "*", assignee: stack.email(1) }];
  const patches = () => stack.emulator.requests.count({ family: "assignee" });
  const pins = (findingIds: readonly string[]) => ({ findingIds, assignee: stack.email(0) });
  beforeEach(async () => {
    stack = new OwnershipStack(findings);
    await stack.deploy({ pins: pins(ids) });
    await stack.wait(1_200_000);
    stack.emulator.requests.reset();
  });

  it("counts what leaves a list, in the preview too", async () => {
    const program = { pins: pins(ids.slice(12)), security: { rules: rules(), maxChanges: 20 } };
    await stack.previewAll(program);
    assert.ok(
      stack.printed.includes("security: 0 findings to change by 1 rule, of at most 20"),
      stack.printed.join("\n"),
    );
    assert.ok(
      stack.printed.includes(
        `pins: 12 findings go over to ${stack.email(1)}: rule "all" of "security" takes them`,
      ),
    );
    await stack.deploy(program, { inOrder: true });
    assert.ok(ids.slice(0, 12).every((id) => stack.emulator.ownerOf(id) === stack.idOf(stack.email(1))));
  });

  it("refuses more of it before anything is sent for it", async () => {
    const program = { security: { rules: rules(), maxChanges: 5 }, pins: pins(ids.slice(12)) };
    await assert.rejects(
      stack.deploy(program, { inOrder: true }),
      /takes 12 findings, which makes 12 changes, but its maxChanges is 5/,
    );
    assert.equal(patches(), 0);
    assert.ok(ids.every((id) => stack.emulator.ownerOf(id) === stack.idOf(stack.email(0))));
  });

  it("refuses more where the whole FindingsAssignment goes", async () => {
    await assert.rejects(
      stack.deploy({ security: { rules: rules(), maxChanges: 5 } }),
      /takes 30 findings, which makes 30 changes, but its maxChanges is 5.*\n.*next: raise maxChanges of the rules that take the findings/,
    );
    assert.equal(patches(), 0);
    await stack.deploy({ security: { rules: rules(), maxChanges: 30 } });
    assert.ok(ids.every((id) => stack.emulator.ownerOf(id) === stack.idOf(stack.email(1))));
  });

  it("counts what another ownership lets go of, in the preview too", async () => {
    stack = new OwnershipStack(findings);
    const former = [{ name: "former", query: "*", assignee: stack.email(0) }];
    await stack.deploy({ former: { rules: former, releaseRemoved: true } });
    await stack.wait(1_200_000);
    stack.emulator.requests.reset();
    const nothing = [{ name: "nothing", query: "@severity:none", assignee: stack.email(2) }];
    const program = (maxChanges: number) => ({
      former: { rules: nothing, releaseRemoved: true },
      security: { rules: rules(), maxChanges },
    });
    await assert.rejects(
      stack.previewAll(program(5)),
      /refused: 30 findings would change, but maxChanges is 5/,
    );
    const line = `former: 30 findings go over to ${stack.email(1)}: rule "all" of "security" takes them`;
    assert.ok(stack.printed.includes(line), stack.printed.join("\n"));
    await assert.rejects(stack.deploy(program(5)), /maxChanges is 5/);
    assert.equal(patches(), 0);
    await stack.deploy(program(30));
    assert.ok(ids.every((id) => stack.emulator.ownerOf(id) === stack.idOf(stack.email(1))));
  });
});

describe("maxChanges and what goes over from one rule of a resource to another", () => {
  it("counts it, in the preview too", async () => {
    const stack = new OwnershipStack(findings);
    const deployed = [{ name: "former", query: "*", assignee: stack.email(0) }];
    await stack.up({ rules: deployed });
    await stack.wait(1_200_000);
    const rules = [{ name: "now", query: "*", assignee: stack.email(1) }];
    stack.emulator.requests.reset();
    stack.printed.length = 0;
    await assert.rejects(stack.preview({ rules, maxChanges: 5 }), /refused: 30 findings .* maxChanges is 5/);
    await assert.rejects(stack.up({ rules, maxChanges: 5 }), /maxChanges/);
    assert.equal(stack.emulator.requests.count({ family: "assignee" }), 0);
    stack.printed.length = 0;
    await stack.preview({ rules, maxChanges: 30 });
    assert.ok(
      stack.printed.includes("security: 30 findings to change by 1 rule, of at most 30"),
      stack.printed.join("\n"),
    );
    await stack.up({ rules, maxChanges: 30 });
    assert.ok(ids.every((id) => stack.emulator.ownerOf(id) === stack.idOf(stack.email(1))));
  });
});

describe("maxChangesPerOwner and what goes over to a rule in the same up", () => {
  let stack: OwnershipStack;
  const spread = (maxChangesPerOwner: number) => ({
    rules: [{ name: "all", query: "*", assignees: [stack.email(1), stack.email(2)] }],
    maxChangesPerOwner,
  });
  const pins = (findingIds: readonly string[]) => ({ findingIds, assignee: stack.email(0) });
  const patches = () => stack.emulator.requests.count({ family: "assignee" });
  const shares = () =>
    [1, 2].map(
      (user) => ids.filter((id) => stack.emulator.ownerOf(id) === stack.idOf(stack.email(user))).length,
    );
  beforeEach(async () => {
    stack = new OwnershipStack(findings);
    await stack.deploy({ pins: pins(ids) });
    await stack.wait(1_200_000);
    stack.emulator.requests.reset();
  });

  it("counts for each user what leaves a list, in the preview too", async () => {
    const program = (most: number) => ({ pins: pins(ids.slice(20)), security: spread(most) });
    await assert.rejects(
      stack.previewAll(program(1)),
      /refused: \d+ findings would go to Ben Okafor <ben\.okafor@example\.com>, but maxChangesPerOwner is /,
    );
    assert.match(stack.printed.join("\n"), /pins: 20 findings go over to .*: rule "all" of "security" takes/);
    await assert.rejects(
      stack.deploy(program(1), { inOrder: true }),
      /refused: .* but maxChangesPerOwner is 1; /,
    );
    assert.deepEqual(shares(), [0, 0]);
    await stack.deploy(program(20), { inOrder: true });
    assert.equal(sum(shares()), 20);
  });

  it("refuses more where the whole FindingsAssignment goes, and names the user and what to raise", async () => {
    await assert.rejects(
      stack.deploy({ security: spread(1) }),
      /which makes \d+ for (Ben Okafor|Chloe Lindqvist) <.*>, but its maxChangesPerOwner is 1.*\n.*next: raise maxChangesPerOwner of the rules/s,
    );
    assert.equal(patches(), 0);
    await stack.deploy({ security: spread(30) });
    assert.equal(sum(shares()), 30);
  });
});
