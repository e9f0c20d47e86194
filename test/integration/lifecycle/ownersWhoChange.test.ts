import assert from "node:assert/strict";
import type { EmulatedUser, Emulator } from "../../emulator";
import { OwnersStack } from "../../support/ownersStack";
import { assertOwners, lagPasses, play, printed, refreshCleanly, upCleanly } from "../../support/play";

type Rule = Record<string, unknown>;

const SUCCESSOR = "11111111-2222-4333-8444-555555555555";

const all = (owners: Rule) => ({ rules: [{ name: "all", query: "*", ...owners }] });

/** The e-mail of a user, who keeps the account, is given to somebody new. */
function passEmailOn(emulator: Emulator, userId: string): EmulatedUser {
  const owner = emulator.users.find(({ id }) => id === userId) ?? assert.fail();
  emulator.putUser({ ...owner, email: "former@example.com", handle: "former@example.com" });
  emulator.putUser({ ...owner, id: SUCCESSOR });
  return owner;
}

describe("an e-mail that has passed to another user", () => {
  it("of a list: up --refresh gives the findings to the user whom the warning names", async () => {
    await play({ findings: 12 }, async (s, user) => {
      const { email } = s.emulator.users.find(({ id }) => id === user) ?? assert.fail();
      const program = { a: { findingIds: s.ids, assignee: email } };
      await upCleanly(s, program);
      await lagPasses(s);
      passEmailOn(s.emulator, user);
      await refreshCleanly(s);
      assert.match(printed(s), /the next pulumi up gives these findings to that user/);
      await upCleanly(s, program);
      assertOwners(s, s.ids, SUCCESSOR);
    });
  });

  it("of a list whose findings some person has as well: up --refresh gives all of them to that user", async () => {
    await play({ findings: 12 }, async (s, user, other) => {
      const { email } = s.emulator.users.find(({ id }) => id === user) ?? assert.fail();
      const program = { a: { findingIds: s.ids, assignee: email } };
      await upCleanly(s, program);
      await lagPasses(s);
      passEmailOn(s.emulator, user);
      s.emulator.reassignByHand(s.ids[0] ?? "", other);
      await lagPasses(s);
      await refreshCleanly(s);
      await refreshCleanly(s);
      await upCleanly(s, program);
      assertOwners(s, s.ids, SUCCESSOR);
    });
  });

  it("of a rule: up --refresh gives the findings to the user whom the warning names", async () => {
    const stack = new OwnersStack({ findings: 20 });
    const program = all({ assignee: stack.mail(1) });
    await stack.up(program);
    await stack.settle();
    passEmailOn(stack.emulator, stack.user(1));
    await stack.refresh();
    assert.match(stack.printed.join("\n"), /the next pulumi up gives these findings to that user/);
    await stack.up(program);
    const others = [...stack.emulator.owners()].filter(([, owner]) => owner !== SUCCESSOR);
    assert.deepEqual(others, []);
    await stack.settle();
    assert.deepEqual(await stack.refresh(), new Set());
    await stack.up(program);
    assert.deepEqual(await stack.up(program), { changed: false });
  });

  it("of a rule: a destroy after the refresh releases what the former user has", async () => {
    const stack = new OwnersStack({ findings: 20 });
    await stack.up(all({ assignee: stack.mail(1) }));
    await stack.settle();
    passEmailOn(stack.emulator, stack.user(1));
    await stack.refresh();
    await stack.destroy();
    assert.deepEqual(stack.counts(), { nobody: 20 });
  });
});

describe("a team's handle that has passed to another team", () => {
  /** Deployed for a team of users 0 and 1; users 2 and 3 are the team of that handle now. */
  const passedOn = async () => {
    const stack = new OwnersStack({ findings: 20 });
    const team = stack.team("payments", [0, 1]);
    const program = all({ assignee: "team:payments" });
    await stack.up(program);
    await stack.settle();
    stack.emulator.putTeam({ ...team, handle: "payments-old" });
    stack.team("payments", [2, 3]);
    return { stack, program };
  };

  it("up --refresh gives the findings to the members of the team that has it now", async () => {
    const { stack, program } = await passedOn();
    assert.deepEqual(await stack.refresh(), new Set(["security"]));
    assert.match(
      stack.printed.join("\n"),
      /warning: the handle "payments" belongs to another team now; .* to its members/,
    );
    await stack.up(program);
    assert.deepEqual(Object.keys(stack.counts()), ["2", "3"]);
    await stack.settle();
    assert.deepEqual(await stack.refresh(), new Set());
  });

  it("is seen without a refresh as soon as a rule of that team has something to assign", async () => {
    const { stack, program } = await passedOn();
    stack.emulator.reassignByHand(stack.findings[0]?.id ?? "", null);
    await stack.settle();
    await stack.up(program);
    assert.deepEqual(Object.keys(stack.counts()), ["2", "3"]);
  });
});

describe("what somebody was given while on call", () => {
  it("is given by up --refresh to who is on call now once that user has left, who is no member of the team", async () => {
    const stack = new OwnersStack({ findings: 20 });
    stack.rotation("payments", [0, 1], [[7], [0], [0], [0]]);
    const program = all({ assignee: "on-call:payments" });
    await stack.up(program);
    await stack.wait(3_600_000);
    stack.disable(7);
    assert.deepEqual(await stack.refresh(), new Set(["security"]));
    await stack.up(program);
    assert.deepEqual(stack.counts(), { 0: 20 });
    await stack.settle();
    assert.deepEqual(await stack.refresh(), new Set());
  });

  it("is given to who is on call now without a refresh, as soon as the rule has something to assign", async () => {
    const stack = new OwnersStack({ findings: 20 });
    stack.rotation("payments", [0, 1], [[7], [0], [0], [0]]);
    const program = all({ assignee: "on-call:payments" });
    await stack.up(program);
    await stack.wait(3_600_000);
    stack.disable(7);
    stack.emulator.reassignByHand(stack.findings[0]?.id ?? "", null);
    await stack.settle();
    await stack.up(program);
    assert.deepEqual(stack.counts(), { 0: 20 });
    await stack.settle();
    await stack.up(program);
    assert.deepEqual(await stack.up(program), { changed: false });
  });

  it("is told of by a refresh once that user has left", async () => {
    const stack = new OwnersStack({ findings: 20 });
    stack.rotation("payments", [0, 1], [[7], [0], [0], [0]]);
    await stack.up(all({ assignee: "on-call:payments" }));
    await stack.wait(3_600_000);
    stack.disable(7);
    stack.printed.length = 0;
    await stack.refresh();
    assert.match(
      stack.printed.join("\n"),
      /warning: rule "all": Hugo Almeida .* got findings while on call, and is disabled .*; 20 findings in scope still belong to that user; /,
    );
  });

  it("stays with that user when somebody joins the list of owners", async () => {
    const stack = new OwnersStack({ findings: 40 });
    stack.rotation("payments", [0, 1], [[7], [8], [8], [8]]);
    await stack.up(all({ assignees: ["on-call:payments", stack.user(3)] }));
    const before = stack.emulator.owners();
    await stack.wait(3_600_000);
    await stack.up(all({ assignees: ["on-call:payments", stack.user(3), stack.user(4)] }));
    assert.deepEqual(stack.emulator.owners(), before);
  });

  it("stays with that user, and only that, when another owner of the list is replaced", async () => {
    const stack = new OwnersStack({ findings: 40 });
    stack.team("payments", [0, 1], [7]);
    await stack.up(all({ assignees: ["on-call:payments", stack.user(3)] }));
    await stack.settle();
    const onCall = stack.held(7);
    await stack.up(all({ assignees: ["on-call:payments", stack.user(4)] }));
    assert.deepEqual(stack.held(3), []);
    assert.ok(onCall.every((id) => stack.held(7).includes(id)));
  });

  it("of a team whose handle is the name of a property stays with that user", async () => {
    const stack = new OwnersStack({ findings: 20 });
    stack.rotation("constructor", [0, 1], [[7], [8], [8], [8]]);
    const program = all({ assignee: "on-call:constructor" });
    await stack.up(program);
    await stack.wait(3_600_000);
    assert.deepEqual(await stack.up(program), { changed: false });
    assert.deepEqual(stack.counts(), { 7: 20 });
  });
});

describe("an owner who is disabled in Datadog", () => {
  it("fails the findings of a rule that names the UUID, as it does where a rule names the e-mail", async () => {
    for (const name of ["mail", "user"] as const) {
      const stack = new OwnersStack({ findings: 20 });
      stack.disable(3);
      await assert.rejects(stack.up(all({ assignee: stack[name](3) })), /disabled/, name);
    }
  });

  it("is not asked for where a rule names the UUID and the keys may not look users up", async () => {
    const stack = new OwnersStack({ findings: 20 });
    stack.permit("read", "write");
    await stack.up(all({ assignee: stack.user(3) }));
    assert.deepEqual(stack.counts(), { 3: 20 });
  });
});
