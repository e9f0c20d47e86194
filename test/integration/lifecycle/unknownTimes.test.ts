import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const findings = seedFindings({ count: 20 });
const [foreign = "", ...rest] = findings.map(({ id }) => id);

for (const form of ["zero", "absent", "garbage"] as const) {
  describe(`rules, where the search says of nobody when they got a finding (updated_at ${form})`, () => {
    let stack: OwnershipStack;
    const rules = (user: number) => [{ name: "all", query: "*", assignee: stack.email(user) }];
    const assertOwner = (ids: readonly string[], user: number | undefined) => {
      const owner = user === undefined ? null : stack.idOf(stack.email(user));
      for (const id of ids) assert.equal(stack.emulator.ownerOf(id), owner);
    };
    beforeEach(async () => {
      stack = new OwnershipStack(findings, { updatedAtForm: form });
      await stack.up({ rules: rules(0) });
      stack.emulator.reassignByHand(foreign, stack.idOf(stack.email(2)));
      await stack.wait(1_200_000);
      stack.printed.length = 0;
    });

    it("leave alone what somebody else has, and say so, while the rest gets its new owner", async () => {
      await stack.up({ rules: rules(1) });
      assertOwner([foreign], 2);
      assertOwner(rest, 1);
      assert.match(stack.printed.join("\n"), /1 finding left alone, owned by others: 1 by Chloe Lindqvist/);
    });

    it("with overwrite say that a person, or another stack, may have given it, and take it back", async () => {
      const overwriting = () => rules(0).map((rule) => ({ ...rule, overwrite: true }));
      await stack.up({ rules: overwriting() });
      stack.emulator.reassignByHand(foreign, stack.idOf(stack.email(2)));
      await stack.wait(1_200_000);
      stack.printed.length = 0;
      await stack.up({ rules: overwriting() });
      assertOwner([foreign, ...rest], 0);
      assert.match(
        stack.printed.join("\n"),
        / {2}1 finding of rule "all" belongs to Chloe Lindqvist.*; Datadog does not say since when, so a person or another stack may/,
      );
      stack.printed.length = 0;
      assert.equal((await stack.up({ rules: overwriting() })).changed, false);
      assert.ok(!stack.printed.join("\n").includes("another stack"));
    });

    it("release on destroy only what is still with their owner", async () => {
      await stack.destroy();
      assertOwner([foreign], 2);
      assertOwner(rest, undefined);
    });
  });
}
