import assert from "node:assert/strict";
import { OwnersStack } from "../../support/ownersStack";
import { scenario } from "../../support/scenario";

describe("a refresh", () => {
  it("looks each owner up once, whether lists or rules of several resources name them", async () => {
    const { clock, emulator, stack, users, ids } = scenario({ findings: 8, parallel: 4, latencyMs: 20 });
    const [user = ""] = users;
    const email = emulator.users.find(({ id }) => id === user)?.email ?? "";
    for (const assignee of [user, email]) {
      const rulesFor = (id: string | undefined) => ({
        rules: [{ name: "all", query: `@finding_id:"${id}"`, assignee }],
      });
      const program = {
        a: { findingIds: ids.slice(0, 1), assignee },
        b: { findingIds: ids.slice(1, 2), assignee },
        one: rulesFor(ids[2]),
        two: rulesFor(ids[3]),
      };
      const { errors } = await clock.run(stack.up(program));
      assert.deepEqual([...errors.values()], []);
      await clock.run(clock.sleep(20 * 60_000));
      emulator.requests.reset();
      await clock.run(stack.refresh());
      assert.equal(emulator.requests.count({ family: "users" }), 1, assignee);
    }
  });

  it("warns of a disabled owner in each resource, after one look-up", async () => {
    const stack = new OwnersStack({ findings: 10 });
    const rules = [{ name: "all", query: "*", assignee: stack.user(3) }];
    await stack.deploy({ one: { rules }, two: { rules } });
    await stack.settle();
    stack.disable(3);
    stack.emulator.requests.reset();
    await stack.refresh();
    const told = stack.printed.join("\n");
    for (const name of ["one", "two"])
      assert.match(
        told,
        new RegExp(`${name}: warning: rule "all": the user .* is disabled in Datadog and cannot own`),
      );
    assert.equal(stack.emulator.requests.count({ family: "users" }), 1);
  });
});
