import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";

const findings = seedFindings({ count: 3 });
const findingIds = findings.map(({ id }) => id);

describe("two resources of one name in two components", () => {
  for (const kinds of ["a UUID and an e-mail", "an e-mail and a UUID"]) {
    it(`are refused where they declare a finding for two users, by ${kinds}, at every up`, async () => {
      const stack = new OwnershipStack(findings);
      const [one, two] = [stack.idOf(stack.email(0)), stack.email(1)];
      const named = (assignee: string) => ({ resourceName: "same", findingIds, assignee });
      const program =
        kinds === "a UUID and an e-mail"
          ? { first: named(one), second: named(two) }
          : { first: named(two), second: named(one) };
      for (let time = 0; time < 2; time++)
        await assert.rejects(stack.deploy(program, { inOrder: true }), /declared twice/i);
      const owners = new Set(stack.emulator.ownerChanges.map(({ to }) => to));
      assert.equal(owners.size, 1, "what the first one has got is not given to the other's user");
    });
  }
});
