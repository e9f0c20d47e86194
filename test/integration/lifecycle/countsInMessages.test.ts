import assert from "node:assert/strict";
import { checkAssignment } from "../../../provider/assignment/checkAssignment";
import { OwnersStack } from "../../support/ownersStack";
import { lagPasses, play, printed, upCleanly } from "../../support/play";

describe("a message that counts", () => {
  it("does not say in a preview that findings are unassigned which another list takes over", async () => {
    await play({ findings: 10 }, async (s, user, other) => {
      const lists = (ofA: number) => ({
        a: { findingIds: s.ids.slice(0, ofA), assignee: user },
        b: { findingIds: s.ids.slice(ofA), assignee: other },
      });
      await upCleanly(s, lists(5));
      await lagPasses(s);
      s.stack.printed.length = 0;
      const { errors } = await s.stack.preview(lists(3), { order: "declared" });
      assert.deepEqual([...errors.values()], []);
      assert.match(printed(s), /b: 2 findings to assign/);
      assert.doesNotMatch(printed(s), /2 findings to unassign/);
    });
  });

  it("says that there are more than the findings of a rule without an owner that were looked at", async () => {
    const stack = new OwnersStack({ findings: 350 });
    const rule = { name: "all", query: "*", assignee: "nobody@example.com" };
    const failureOf = (rules: object[]) =>
      stack.up({ rules }).then(
        () => assert.fail("it went through"),
        (reason: unknown) => String(reason),
      );
    const message = await failureOf([rule]);
    assert.match(message, /more than 100 findings could not be assigned as the rules declare; nothing was/);
    assert.match(message, /rule "all": no user .*: more than 100 findings: /);
    assert.ok(stack.printed.includes("security: more than 100 findings failed"));
    const high = stack.findings.filter(({ severity }) => severity === "high").length;
    assert.ok(high < 100);
    const others = { name: "others", query: "*", assignee: stack.mail(0) };
    const few = await failureOf([{ ...rule, query: "@severity:high" }, others]);
    assert.match(few, new RegExp(`${high} of 350 findings could not be assigned`));
  });

  it("has the singular for the one finding and the one resource that are not told one by one", async () => {
    await play({ findings: 11 }, async (s) => {
      const session = s.openSession();
      const user = (number: number) => `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, "0")}`;
      for (const [number, id] of s.ids.entries())
        checkAssignment(session, { findingIds: [id], assignee: user(number), resourceName: `r${number}` });
      const { failures } = checkAssignment(session, { findingIds: s.ids, assignee: user(99) });
      assert.doesNotMatch(failures.at(-1)?.reason ?? "", /\b1 more (findings|resources)/);
    });
  });
});
