import assert from "node:assert/strict";
import { type EmulatedFinding, seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const FRESH_MS = 600_000;

interface Handover {
  readonly stack: OwnershipStack;
  readonly ids: readonly string[];
  /** UUIDs of users 0 and 1. */
  readonly users: readonly string[];
}

/** 30 findings that a FindingsAssignment has given to user 0, so long ago that the search shows it. */
async function pinned(findings: readonly EmulatedFinding[] = seedFindings({ count: 30 })): Promise<Handover> {
  const stack = new OwnershipStack(findings);
  const ids = findings.map(({ id }) => id);
  const users = [0, 1].map((index) => stack.idOf(stack.email(index)));
  await stack.deploy({ pins: { findingIds: ids, assignee: users[0] } });
  await stack.wait(FRESH_MS);
  stack.emulator.requests.reset();
  return { stack, ids, users };
}

function assertOwners({ stack, ids }: Handover, owner: string | null | undefined): void {
  for (const id of ids) assert.equal(stack.emulator.ownerOf(id), owner);
}

describe("findings that a FindingsAssignment leaves to the rules of the program", () => {
  it("stay with their owner, without a request that changes something, where a rule names the same", async () => {
    const handover = await pinned();
    const { stack, users } = handover;
    await stack.deploy({ security: { rules: [{ name: "all", query: "*", assignee: stack.email(0) }] } });
    assertOwners(handover, users[0]);
    assert.equal(stack.emulator.requests.count({ family: "assignee" }), 0);
    const line = `pins: 30 findings go over to ${stack.email(0)}: rule "all" of "security" takes them`;
    assert.ok(stack.printed.includes(line), stack.printed.join("\n"));
  });

  it("end with the owner of the rule, in one PATCH, where it names another", async () => {
    const handover = await pinned();
    const { stack, users } = handover;
    await stack.deploy({ security: { rules: [{ name: "all", query: "*", assignee: stack.email(1) }] } });
    assertOwners(handover, users[1]);
    assert.equal(stack.emulator.requests.count({ family: "assignee" }), 1);
    assert.equal(
      await stack
        .up({ rules: [{ name: "all", query: "*", assignee: stack.email(1) }] })
        .then(({ changed }) => changed),
      false,
    );
  });

  it("end with the owner of the rule also where the search still shows that one from before", async () => {
    const findings = seedFindings({ count: 30 });
    const stack = new OwnershipStack(findings, { searchLagMs: 480_000 });
    const [ada, ben] = [0, 1].map((index) => stack.idOf(stack.email(index)));
    for (const { id } of findings) stack.emulator.reassignByHand(id, ben ?? null);
    await stack.wait(FRESH_MS);
    await stack.deploy({ pins: { findingIds: findings.map(({ id }) => id), assignee: ada } });
    await stack.wait(310_000);
    await stack.deploy({ security: { rules: [{ name: "all", query: "*", assignee: stack.email(1) }] } });
    for (const { id } of findings) assert.equal(stack.emulator.ownerOf(id), ben);
  });

  it("are unassigned where no rule takes them: of another query, out of scope, excluded", async () => {
    for (const [query, rest] of [
      ["@severity:none", {}],
      ["*", { scope: "@status:none" }],
      ["*", { exclude: "all" }],
    ] as const) {
      const handover = await pinned();
      const { stack, ids } = handover;
      const exclude = "exclude" in rest ? { exclude: ids } : rest;
      await stack.deploy({
        security: { rules: [{ name: "all", query, assignee: stack.email(1) }], ...exclude },
      });
      assertOwners(handover, null);
    }
  });

  it("go over one by one, as the first rule says that matches, also where Datadog alone can tell", async () => {
    const [one, two, three] = seedFindings({ count: 3 });
    assert.ok(one && two && three);
    const findings = [
      { ...one, title: "zebra crossing" },
      { ...two, title: "horse" },
      { ...three, title: "zebra", tags: ["team:zoo"] },
    ];
    const { stack, users } = await pinned(findings);
    const rules = [
      { name: "zoo", query: "team:zoo", assignee: stack.email(0) },
      { name: "zebras", query: "zebra", assignee: stack.email(1) },
    ];
    await stack.deploy({ security: { rules } });
    const owners = findings.map(({ id }) => stack.emulator.ownerOf(id));
    assert.deepEqual(owners, [users[1], null, users[0]]);
  });

  it("so do those that leave a list which stays", async () => {
    const { stack, ids, users } = await pinned();
    const rules = [{ name: "all", query: "*", assignee: stack.email(1) }];
    await stack.deploy(
      { security: { rules }, pins: { findingIds: ids.slice(10), assignee: users[0] } },
      { inOrder: true },
    );
    assert.ok(ids.slice(0, 10).every((id) => stack.emulator.ownerOf(id) === users[1]));
    assert.ok(ids.slice(10).every((id) => stack.emulator.ownerOf(id) === users[0]));
  });

  it("are unassigned with a destroy", async () => {
    const handover = await pinned();
    await handover.stack.destroy();
    assertOwners(handover, null);
  });

  it("stay where somebody has given them to another user", async () => {
    const { stack, ids, users } = await pinned();
    const [taken = ""] = ids;
    const colleague = stack.idOf(stack.email(3));
    stack.emulator.reassignByHand(taken, colleague);
    await stack.deploy({ security: { rules: [{ name: "all", query: "*", assignee: stack.email(1) }] } });
    assert.equal(stack.emulator.ownerOf(taken), colleague);
    assert.ok(ids.slice(1).every((id) => stack.emulator.ownerOf(id) === users[1]));
  });

  it("so do those that another ownership leaves, when it goes or drops a rule", async () => {
    for (const releaseRemoved of [false, true]) {
      const findings = seedFindings({ count: 30 });
      const stack = new OwnershipStack(findings);
      const ruleFor = (index: number) => [
        { name: `rule-${index}`, query: "*", assignee: stack.email(index) },
      ];
      const former = { rules: ruleFor(0), releaseRemoved };
      await stack.deploy({ former });
      await stack.wait(FRESH_MS);
      stack.emulator.requests.reset();
      const nothing = [{ name: "nothing", query: "@severity:none", assignee: stack.email(2) }];
      await stack.deploy({
        security: { rules: ruleFor(1) },
        ...(releaseRemoved && { former: { ...former, rules: nothing } }),
      });
      for (const { id } of findings) assert.equal(stack.emulator.ownerOf(id), stack.idOf(stack.email(1)));
      assert.equal(stack.emulator.requests.count({ family: "assignee" }), 1);
    }
  });

  it("are unassigned where the search fails that would tell, and assigned by the next up", async () => {
    const handover = await pinned();
    const { stack, users } = handover;
    const rules = [{ name: "all but zebras", query: "-zebra", assignee: stack.email(1) }];
    // three for the plan, one whether anything matches the rule, one for who owns what is deleted
    stack.emulator.faults.push({ kind: "status", status: 400, match: { family: "search", nth: 6 } });
    await stack.deploy({ security: { rules } });
    assertOwners(handover, null);
    assert.match(
      stack.printed.join("\n"),
      /pins: cannot tell which of the released findings a rule takes: .*; they are unassigned, and the next pulumi up gives them/,
    );
    await stack.deploy({ security: { rules } });
    assertOwners(handover, users[1]);
  });
});
