import assert from "node:assert/strict";
import { OwnersStack } from "../../support/ownersStack";

/** A deployed stack, and other keys, which may not look up users. */
async function blindStack(program: (stack: OwnersStack) => Record<string, unknown>): Promise<OwnersStack> {
  const stack = new OwnersStack({ findings: 20 });
  await stack.deploy({ a: program(stack) });
  await stack.settle();
  stack.account = { ...stack.account, keyDigest: "bbbbbbbbbbbb" };
  stack.permit("read", "write");
  return stack;
}

const list = (stack: OwnersStack) => ({
  findingIds: stack.findings.map(({ id }) => id),
  assignee: stack.user(0),
});
const rules = (stack: OwnersStack) => ({ rules: [{ name: "all", query: "*", assignee: stack.user(0) }] });

/** As in another organisation: none of the findings is there. */
function removeFindings(stack: OwnersStack): void {
  for (const { id } of stack.findings) stack.emulator.removeFinding(id);
}

describe("other keys than those of the last deployment, which may not look up users", () => {
  for (const [what, program] of Object.entries({ list, rules })) {
    it(`do not destroy a ${what} where they find none of its findings: these may be in another organisation`, async () => {
      const stack = await blindStack(program);
      removeFindings(stack);
      await stack.wait(20 * 60_000);
      for (let time = 0; time < 2; time++) await assert.rejects(stack.destroy(), /user_access_read/);
      assert.deepEqual([...stack.state.keys()], ["a"]);
      stack.account = { ...stack.account, keyDigest: "aaaaaaaaaaaa" };
      await stack.destroy();
      assert.equal(stack.state.size, 0);
    });

    it(`destroy a ${what} whose findings are there`, async () => {
      const stack = await blindStack(program);
      await stack.destroy();
      assert.deepEqual(stack.counts(), { nobody: 20 });
      assert.equal(stack.state.size, 0);
    });
  }

  for (const [what, nothing] of Object.entries({
    list: (stack: OwnersStack) => ({ ...list(stack), findingIds: [] }),
    rules: (stack: OwnersStack) => ({
      rules: [{ name: "none", query: "@severity:none", assignee: stack.user(0) }],
    }),
  })) {
    it(`say nothing in an up of ${what} that never had a finding`, async () => {
      const stack = await blindStack(nothing);
      stack.printed.length = 0;
      assert.equal((await stack.deploy({ a: nothing(stack) })).size, 0);
      assert.ok(!stack.printed.join("\n").includes("was not compared"), stack.printed.join("\n"));
    });
  }

  for (const [what, program] of Object.entries({ list, rules })) {
    it(`say in an up that a ${what} was not compared where they find none of its findings, and change nothing`, async () => {
      const stack = await blindStack(program);
      removeFindings(stack);
      const before = JSON.stringify([...stack.state]);
      assert.equal((await stack.deploy({ a: program(stack) })).size, 0);
      const warnings = stack.printed.filter((line) =>
        /a: warning: .*may belong to another organisation.*user_access_read/.test(line),
      );
      assert.equal(warnings.length, 1, stack.printed.join("\n"));
      assert.equal(JSON.stringify([...stack.state]), before);
    });

    it(`say as the first line of an up of a ${what} that they are refused altogether`, async () => {
      const stack = await blindStack(program);
      stack.emulator.keys.replace([{ apiKey: "another", appKey: "another" }]);
      stack.printed.length = 0;
      await stack.deploy({ a: program(stack) }).catch(() => {});
      assert.match(stack.printed[0] ?? "", /^a: .* 403 Forbidden/);
    });

    it(`say nothing of it in an up of a ${what} whose findings are there`, async () => {
      const stack = await blindStack(program);
      assert.equal((await stack.deploy({ a: program(stack) })).size, 0);
      assert.ok(!stack.printed.join("\n").includes("warning"), stack.printed.join("\n"));
    });

    it(`do not take over a ${what} by assigning findings that it never had`, async () => {
      const stack = await blindStack(program);
      removeFindings(stack);
      const [first = assert.fail()] = stack.findings;
      const theirs = { ...first, id: "of-another-organisation" };
      stack.emulator.addFindings([theirs]);
      await stack.settle();
      const next = what === "list" ? { findingIds: [theirs.id], assignee: stack.user(1) } : program(stack);
      await stack
        .deploy({ a: next })
        .catch((error: unknown) => assert.match(String(error), /user_access_read/));
      await stack.wait(20 * 60_000);
      stack.emulator.removeFinding(theirs.id);
      await assert.rejects(stack.destroy(), /user_access_read/);
      assert.equal(stack.state.size, 1);
    });
  }

  it("destroy a list of which one finding is there", async () => {
    const stack = await blindStack(list);
    for (const { id } of stack.findings.slice(1)) stack.emulator.removeFinding(id);
    await stack.destroy();
    assert.equal(stack.state.size, 0);
  });

  it("do not get into the state by an update of which nothing came true", async () => {
    const stack = await blindStack(list);
    removeFindings(stack);
    const { findingIds, assignee } = list(stack);
    await assert.rejects(
      stack.deploy({ a: { findingIds: findingIds.slice(1), assignee } }),
      /user_access_read/,
    );
    await assert.rejects(stack.destroy(), /user_access_read/);
  });
});

describe("an owner whom Datadog does not know any more", () => {
  for (const [what, program] of Object.entries({ list, rules })) {
    it(`does not make renewed keys of the same organisation look like another's to a ${what}`, async () => {
      const stack = new OwnersStack({ findings: 20 });
      const declared = { ...program(stack) };
      const named = JSON.parse(JSON.stringify(declared).replaceAll(stack.user(0), stack.mail(0)));
      const former = stack.user(0);
      await stack.deploy({ a: named });
      await stack.settle();
      stack.account = { ...stack.account, keyDigest: "bbbbbbbbbbbb" };
      stack.emulator.removeUser(former);
      await stack.destroy();
      assert.deepEqual(stack.counts(), { nobody: 20 });
    });
  }
});
