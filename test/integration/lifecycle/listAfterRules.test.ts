import assert from "node:assert/strict";
import { OwnersStack } from "../../support/ownersStack";

describe("a list that the engine comes to after rules with overwrite", () => {
  async function deployed(options: Parameters<OwnersStack["deploy"]>[1], exclude: number) {
    const stack = new OwnersStack({ findings: 20 });
    const findingIds = stack.findings.slice(0, 5).map(({ id }) => id);
    const rules = [{ name: "all", query: "*", assignee: stack.user(0), overwrite: true }];
    const security = { rules, exclude: findingIds.slice(0, exclude) };
    const program = { security, pins: { findingIds, assignee: stack.user(1) } };
    await stack.deploy(program, options);
    const warnings = [...stack.printed.filter((line) => line.startsWith("pins: warning"))];
    await stack.settle();
    stack.printed.length = 0;
    stack.emulator.requests.reset();
    await stack.deploy(program, options);
    return { stack, warnings, findingIds };
  }

  /** As with `dependsOn`, and where the ids come later than the rules: from `getFindings`, or another resource. */
  const orders = { dependsOn: { inOrder: true }, "ids that come later": { staggerMs: 2_000 } };
  for (const [order, options] of Object.entries(orders)) {
    it(`takes its findings in each deployment, and warns with the way out (${order})`, async () => {
      const { stack, warnings, findingIds } = await deployed(options, 0);
      assert.deepEqual(stack.held(1), [...findingIds].sort());
      const expected =
        'pins: warning: rule "all" of "security" has given 5 findings to somebody else in this deployment, and this list takes them';
      assert.equal(warnings.length, 1);
      assert.ok(warnings[0]?.startsWith(expected), warnings[0]);
      assert.ok(warnings[0]?.includes('name them in the exclude of "security"'), warnings[0]);
      const printed = stack.printed.join("\n");
      assert.ok(printed.includes(expected), printed);
      assert.match(printed, /by a person, by another stack, or by a FindingsAssignment/);
    });

    it(`is at rest, and warns of nothing, where the rules exclude its findings (${order})`, async () => {
      const { stack, warnings } = await deployed(options, 5);
      assert.deepEqual(warnings, []);
      assert.equal(stack.emulator.requests.count("assignee"), 0);
    });
  }

  it("warns of nothing where it comes first", async () => {
    const stack = new OwnersStack({ findings: 20 });
    const findingIds = stack.findings.slice(0, 5).map(({ id }) => id);
    const rules = [{ name: "all", query: "*", assignee: stack.user(0), overwrite: true }];
    await stack.deploy(
      { pins: { findingIds, assignee: stack.user(1) }, security: { rules } },
      { inOrder: true },
    );
    assert.ok(!stack.printed.some((line) => line.startsWith("pins: warning")), stack.printed.join("\n"));
  });
});

describe("a list that goes while Datadog does not answer who the owner of a rule is", () => {
  for (const [whose, index] of [
    ["that owner", 0],
    ["another user", 1],
  ] as const) {
    it(`of findings with ${whose}: what is right stays, the rest waits for the rule's next deployment`, async () => {
      const stack = new OwnersStack({ findings: 20 });
      const findingIds = stack.findings.slice(0, 2).map(({ id }) => id);
      const security = { rules: [{ name: "all", query: "*", assignee: stack.mail(0) }] };
      await stack.deploy({ security, pins: { findingIds, assignee: stack.user(index) } });
      await stack.settle();
      stack.printed.length = 0;
      stack.emulator.faults.push({
        kind: "status",
        status: 500,
        times: Number.POSITIVE_INFINITY,
        match: { family: "users" },
      });
      await stack.deploy({ security });
      const waits = stack.printed.filter((line) =>
        /^pins: 2 findings wait for the next pulumi up/.test(line),
      );
      assert.equal(waits.length, index === 0 ? 0 : 1, stack.printed.join("\n"));
      assert.deepEqual(stack.held(index === 0 ? null : 1), []);
      stack.emulator.reset();
      await stack.settle();
      await stack.deploy({ security });
      assert.deepEqual(stack.counts(), { 0: 20 });
    });
  }
});
