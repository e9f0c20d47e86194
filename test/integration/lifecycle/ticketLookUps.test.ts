import assert from "node:assert/strict";
import { stackWorld } from "../../support/stackWorld";

describe("findings of one ticket, declared for two users", () => {
  it("are refused by `up --refresh`, whose look-up shows the ticket, with the ticket and the findings", async () => {
    const { clock, emulator, stack, users, ids } = stackWorld(2, 4);
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
    for (const part of ["PROJ-7", one, two]) assert.ok(messages.includes(part), messages);
    assert.equal(emulator.ownerChanges.length, changes);
  });
});
