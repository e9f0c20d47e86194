import assert from "node:assert/strict";
import { checkAssignment } from "../../../provider/assignment/checkAssignment";
import { Claims } from "../../../provider/core/claims";
import { RefreshedResources } from "../../../provider/session/refreshedResources";
import { assignFindings } from "../../../provider/transfer/assignFindings";
import { assertOwners, lagPasses, type Program, play, upCleanly } from "../../support/play";
import type { Scenario } from "../../support/scenario";

/** Another user than the first, by the names that a program may give. */
function nobodyElse(s: Scenario): { id: string; email: string } {
  const user = s.emulator.users.filter(({ disabled }) => !disabled)[1];
  assert.ok(user?.email);
  return { id: user.id, email: user.email };
}

async function messageOf(s: Scenario, program: Program, only?: readonly string[]): Promise<string> {
  const { errors } = await s.stack.up(program, only && { only });
  assert.equal(errors.size, 1);
  return [...errors.values()][0]?.message ?? "";
}

function assertNames(message: string, ...parts: readonly string[]): void {
  for (const part of parts) assert.ok(message.includes(part), `${part} in ${message}`);
}

describe("one finding for two users, by names of different kinds", () => {
  for (const order of [
    ["a", "b"],
    ["b", "a"],
  ]) {
    it(`is refused before a request changes it: UUID and e-mail, ${order.join(" before ")}`, async () => {
      await play({ findings: 3, parallel: 1 }, async (s, assignee) => {
        const [shared = ""] = s.ids;
        const other = nobodyElse(s);
        const program = {
          a: { findingIds: s.ids, assignee },
          b: { findingIds: [shared], assignee: other.email },
        };
        const message = await messageOf(s, program, order);
        assertNames(message, shared, assignee, other.email, order[1] === "a" ? '"b"' : '"a"');
        assert.equal(new Set(s.emulator.ownerChanges.map(({ to }) => to)).size, 1);
      });
    });
  }

  it("is refused where one of them has not changed since it was deployed", async () => {
    await play({ findings: 3, parallel: 1 }, async (s, user) => {
      const a = { findingIds: s.ids, assignee: nobodyElse(s).email };
      await upCleanly(s, { a });
      const program = { a, b: { findingIds: s.ids.slice(0, 1), assignee: user } };
      assertNames(await messageOf(s, program, ["a", "b"]), s.ids[0] ?? "", a.assignee, user, '"a"');
      assertOwners(s, s.ids, nobodyElse(s).id);
      // the new one comes first and is right by then; the diff of the other tells
      assertNames(await messageOf(s, program, ["b", "a"]), s.ids[0] ?? "", a.assignee, user, '"b"');
      await upCleanly(s, { a });
      assertOwners(s, s.ids, nobodyElse(s).id);
    });
  });

  it("is one user's under two names without a complaint", async () => {
    await play({ findings: 3 }, async (s) => {
      const { id, email } = nobodyElse(s);
      const program = { a: { findingIds: s.ids, assignee: id }, b: { findingIds: s.ids, assignee: email } };
      await upCleanly(s, program);
      await upCleanly(s, { ...program, a: { findingIds: s.ids, assignee: email } });
      assertOwners(s, s.ids, id);
    });
  });

  it("is not recorded as done where another change of the process took its place", async () => {
    await play({ findings: 3 }, async (s, user, other) => {
      const session = s.openSession();
      const [first, second] = await Promise.all([
        assignFindings(session, "a", s.ids, user),
        assignFindings(session, "b", s.ids, other),
      ]);
      assertOwners(s, s.ids, other);
      assert.deepEqual([first.done, first.failed.length], [[], 3]);
      assert.equal(second.done.length, 3);
      await lagPasses(s);
    });
  });

  it("gives way where it has a guard, as a rule's changes have", async () => {
    await play({ findings: 3 }, async (s, user, other) => {
      const session = s.openSession();
      const [rule] = await Promise.all([
        assignFindings(session, "rule", s.ids, user, async () => new Set()),
        assignFindings(session, "b", s.ids, other),
      ]);
      assertOwners(s, s.ids, other);
      assert.deepEqual([rule.done, rule.failed], [[], []]);
      assert.deepEqual(rule.leftAlone, s.ids);
    });
  });
});

describe("many findings that are declared twice", () => {
  const [lead, duty] = ["f315bdaf-9ee7-4808-a9c1-99c15bf0f4d0", "0d8b1b6a-7b9c-4d8e-8f3a-0c1d2e3f4a5b"];
  const ids = Array.from({ length: 250 }, (_, index) => `f${index}`);

  it("are one problem for each other resource, with the first ten and the count of the others", () => {
    const session = { claims: new Claims(), refreshed: new RefreshedResources() };
    checkAssignment(session, { findingIds: ids.slice(0, 12), assignee: lead, resourceName: "a" });
    checkAssignment(session, { findingIds: ids.slice(12), assignee: lead, resourceName: "b" });
    const { failures } = checkAssignment(session, {
      findingIds: ["free", ...ids],
      assignee: duty,
      resourceName: "c",
    });
    assert.deepEqual(failures, [
      {
        property: "findingIds[1]",
        reason:
          `12 findings (f0, f1, f10, and 9 more) are declared twice: for ${duty} here, ` +
          `and for ${lead} by "a"; a finding has one owner: take it out of one of them`,
      },
      {
        property: "findingIds[101]",
        reason:
          `238 findings (f100, f101, f102, and 235 more) are declared twice: ` +
          `for ${duty} here, and for ${lead} by "b"; a finding has one owner: take it out of one of them`,
      },
    ]);
  });

  it("say that the other resource is another one, where it has the same name", () => {
    const session = { claims: new Claims(), refreshed: new RefreshedResources() };
    checkAssignment(session, { findingIds: ["f0"], assignee: lead, resourceName: "a" });
    const { failures } = checkAssignment(session, { findingIds: ["f0"], assignee: duty, resourceName: "a" });
    assert.match(failures[0]?.reason ?? "", / by another resource named "a"; a finding has one owner/);
  });

  it("tell how many more there are, with however many resources", () => {
    const session = { claims: new Claims(), refreshed: new RefreshedResources() };
    for (const [index, id] of ids.entries())
      checkAssignment(session, { findingIds: [id], assignee: lead, resourceName: `r${index}` });
    const { failures } = checkAssignment(session, { findingIds: ids, assignee: duty });
    assert.equal(failures.length, 11);
    assert.equal(failures[10]?.reason, "and 240 more findings are declared by 240 more resources, too");
  });
});
