import assert from "node:assert/strict";
import { seedFindings } from "../../emulator";
import { OwnershipStack } from "../../support/ownershipStack";
import { play, upCleanly } from "../../support/play";
import { type Scenario, scenario } from "../../support/scenario";

function assertNamed(message: string, parts: readonly string[]): void {
  for (const part of parts) assert.ok(message.includes(part), message);
}

/** What the preview of some resources refuses, one after another. */
async function refusalsOf(s: Scenario, program: Record<string, Record<string, unknown>>): Promise<string> {
  const { errors } = await s.stack.preview(program, { order: "dependent" });
  return [...errors.values()].map(({ message }) => message).join("\n");
}

describe("findings of one ticket, declared for two users", () => {
  it("are refused by `up --refresh`, whose look-up shows the ticket, with the ticket and the findings", async () => {
    const { clock, emulator, stack, users, ids } = scenario({ findings: 2, parallel: 4, latencyMs: 20 });
    const [user = "", other = ""] = users;
    const [one = "", two = ""] = ids;
    const a = { findingIds: [one], assignee: user };
    await clock.run(stack.up({ a, b: { findingIds: [two], assignee: user } }));
    const ticket = emulator.tickets.create({ system: "jira", issueKey: "PROJ-7" });
    emulator.tickets.attach(ticket.id, [one, two]);
    await clock.run(clock.sleep(600_000));
    const changes = emulator.ownerChanges.length;
    const { errors } = await clock.run(
      stack.up({ a, b: { findingIds: [two], assignee: other } }, { refresh: true }),
    );
    const messages = [...errors.values()].map(({ message }) => message).join("\n");
    assertNamed(messages, ["PROJ-7", one, two]);
    assert.equal(emulator.ownerChanges.length, changes);
  });

  it("are refused by the preview of new lists, whose look-up shows the ticket", async () => {
    await play({ findings: 2 }, async (s, user, other) => {
      const [one = "", two = ""] = s.ids;
      const ticket = s.emulator.tickets.create({ system: "jira", issueKey: "PROJ-7" });
      s.emulator.tickets.attach(ticket.id, [one, two]);
      const refusals = await refusalsOf(s, {
        a: { findingIds: [one], assignee: user },
        b: { findingIds: [two], assignee: other },
      });
      assertNamed(refusals, ["PROJ-7", one, two]);
    });
  });

  it("are refused by the preview of a list beside one that stays as it is, and is not looked up", async () => {
    await play({ findings: 3 }, async (s, user, other) => {
      const [one = "", two = "", three = ""] = s.ids;
      const ticket = s.emulator.tickets.create({ system: "jira", issueKey: "PROJ-7" });
      const a = { findingIds: [one], assignee: user };
      const b = { findingIds: [three], assignee: other };
      await upCleanly(s, { a, b });
      s.emulator.tickets.attach(ticket.id, [one, two]);
      const refusals = await refusalsOf(s, { a, b: { ...b, findingIds: [two, three] } });
      assertNamed(refusals, ["PROJ-7", one, two]);
    });
  });

  it("are refused before they are assigned by an `up` that writes changes, whose look-up shows the ticket", async () => {
    const findings = seedFindings({ count: 3 });
    const [one = "", two = "", three = ""] = findings.map(({ id }) => id);
    const stack = new OwnershipStack(findings);
    stack.writesChanges = true;
    const a = { findingIds: [one], assignee: stack.email(0) };
    const b = { findingIds: [three], assignee: stack.email(1) };
    await stack.deploy({ a, b });
    const ticket = stack.emulator.tickets.create({ system: "jira", issueKey: "PROJ-7" });
    stack.emulator.tickets.attach(ticket.id, [one, two]);
    await stack.wait(20 * 60_000);
    const changes = stack.emulator.ownerChanges.length;
    await assert.rejects(
      stack.deploy({ a, b: { ...b, findingIds: [two] } }, { inOrder: true }),
      (error: Error) => {
        assertNamed(error.message, ["PROJ-7", one, two]);
        return true;
      },
    );
    assert.equal(stack.emulator.ownerChanges.length, changes);
  });

  it("are no conflict where one user is meant, by two names", async () => {
    await play({ findings: 2 }, async (s, user) => {
      const ticket = s.emulator.tickets.create({ system: "jira", issueKey: "PROJ-7" });
      s.emulator.tickets.attach(ticket.id, s.ids);
      const email = s.emulator.users.find(({ id }) => id === user)?.email;
      const [one = "", two = ""] = s.ids;
      const refusals = await refusalsOf(s, {
        a: { findingIds: [one], assignee: user },
        b: { findingIds: [two], assignee: email },
      });
      assert.equal(refusals, "");
    });
  });
});
