import assert from "node:assert/strict";
import { OwnersStack } from "../../support/ownersStack";

const ORDERS = ["the list first", "the rules first"] as const;

describe("a preview of findings that move between a list and rules", () => {
  const inOrder = (order: (typeof ORDERS)[number], pins: object, security: object) =>
    order === "the list first"
      ? { pins: { ...pins }, security: { ...security } }
      : { security: { ...security }, pins: { ...pins } };

  /** 20 findings in a list, the others with rules that exclude these. */
  async function deployed() {
    const stack = new OwnersStack({ findings: 60 });
    const ids = stack.findings.map(({ id }) => id);
    const given = stack.findings.slice(0, 20).filter(({ severity }) => severity === "high");
    assert.ok(given.length > 1 && given.length < 20);
    const resources = (listed: readonly string[]) => ({
      pins: { findingIds: listed, assignee: stack.mail(0) },
      security: {
        rules: [{ name: "high", query: "@severity:high", assignee: stack.mail(1) }],
        exclude: listed,
        maxChanges: 50,
      },
    });
    const before = resources(ids.slice(0, 20));
    await stack.deploy(before);
    await stack.settle();
    return { stack, ids, given: given.map(({ id }) => id), resources, before };
  }

  /** What is said of findings that change hands, whatever the order. */
  const changesIn = (stack: OwnersStack) =>
    stack.printed.filter((line) => /^pins: |to change|excluded now|stays? with/.test(line)).sort();

  for (const order of ORDERS) {
    it(`says what leaves the list, and what of it goes over to which rule, as up does: ${order}`, async () => {
      const { stack, ids, given, resources } = await deployed();
      const after = resources(ids.slice(19, 20));
      stack.printed.length = 0;
      stack.emulator.requests.reset();
      await stack.previewAll(inOrder(order, after.pins, after.security));
      const left = given.filter((id) => id !== ids[19]);
      const transfer = `pins: ${left.length} findings go over to ${stack.mail(1)}: rule "high" of "security" takes them`;
      assert.deepEqual(changesIn(stack), [
        `pins: 19 findings to unassign, unless a rule or another list of this program takes them: ${[...ids.slice(0, 19)].sort().slice(0, 3).join(", ")}, and 16 more`,
        transfer,
        "security: 0 findings to change by 1 rule, of at most 50",
      ]);
      assert.equal(stack.emulator.requests.count("assignee"), 0);
      stack.printed.length = 0;
      await stack.deploy(inOrder(order, after.pins, after.security));
      assert.equal(stack.printed.filter((line) => line === transfer).length, 1, stack.printed.join("\n"));
      assert.ok(stack.printed.includes(`pins: ${19 - left.length} findings unassigned`));
      assert.ok(left.every((id) => stack.emulator.ownerOf(id) === stack.user(1)));
    });

    it(`says on the way back that the list takes them, and not that they stay: ${order}`, async () => {
      const { stack, ids, given, resources, before } = await deployed();
      await stack.deploy(resources(ids.slice(19, 20)));
      await stack.settle();
      const left = given.filter((id) => id !== ids[19]).length;
      const [ada, ben] = stack.emulator.users.map(({ name }) => name);
      stack.printed.length = 0;
      await stack.previewAll(inOrder(order, before.pins, before.security));
      assert.deepEqual(changesIn(stack), [
        `  ${left} findings that these rules gave to ${ben} are excluded now: these rules leave them alone`,
        `pins: 19 findings to assign to ${ada} <${stack.mail(0)}>: ${19 - left} from nobody, ${left} from ${ben}`,
        "security: 0 findings to change by 1 rule, of at most 50",
      ]);
      await stack.deploy(inOrder(order, before.pins, before.security));
      assert.ok(ids.slice(0, 20).every((id) => stack.emulator.ownerOf(id) === stack.user(0)));
    });

    it(`fails, or says that up fails, where the rules may not change so many: ${order}`, async () => {
      const { stack, ids, resources } = await deployed();
      const { pins, security } = resources(ids.slice(19, 20));
      const preview = stack.previewAll(inOrder(order, pins, { ...security, maxChanges: 1 }));
      if (order === "the list first") await assert.rejects(preview, /refused: .* maxChanges is 1/);
      else {
        await preview;
        assert.match(
          stack.printed.join("\n"),
          /pins: warning: pulumi up fails: .* maxChanges is 1; raise maxChanges, or narrow the rule/,
        );
      }
    });
  }

  it("does not count what somebody has given to another user since", async () => {
    const { stack, ids, given, resources } = await deployed();
    for (const id of given) stack.emulator.reassignByHand(id, stack.user(3));
    await stack.settle();
    for (const order of ORDERS) {
      stack.printed.length = 0;
      const { pins, security } = resources(ids.slice(19, 20));
      await stack.previewAll(inOrder(order, pins, security));
      assert.ok(!stack.printed.some((line) => line.includes("go over")), stack.printed.join("\n"));
    }
  });
});
