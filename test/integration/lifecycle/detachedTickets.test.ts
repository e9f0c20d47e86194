import assert from "node:assert/strict";
import { assertOwners, lagPasses, outputsOf, play, printed, requestsOf, upCleanly } from "../../support/play";

describe("a finding that was not released, as another one of its ticket was declared", () => {
  it("is released by a destroy, after it was detached from the ticket", async () => {
    await play({ findings: 3 }, async (s, user) => {
      const [one = "", other = "", free = ""] = s.ids;
      const ticket = s.emulator.tickets.create({ system: "jira", issueKey: "PROJ-12345" });
      s.emulator.tickets.attach(ticket.id, [one, other]);
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      const less = { a: { findingIds: [other, free], assignee: user } };
      await upCleanly(s, less);
      assert.match(printed(s), /a: 1 finding keeps its owner, since the program declares/);
      s.emulator.tickets.detach([one]);
      await lagPasses(s);
      assert.equal(await requestsOf(s, () => upCleanly(s, less)), 0);
      assertOwners(s, s.ids, user);
      await s.stack.destroy();
      assertOwners(s, s.ids, null);
    });
  });

  it("is released by the next update after that, and is in the state until then", async () => {
    await play({ findings: 4 }, async (s, user) => {
      const [one = "", other = "", free = "", late = ""] = s.ids;
      const ticket = s.emulator.tickets.create({ system: "jira", issueKey: "PROJ-12345" });
      s.emulator.tickets.attach(ticket.id, [one, other]);
      await upCleanly(s, { a: { findingIds: [one, other, free], assignee: user } });
      await lagPasses(s);
      await upCleanly(s, { a: { findingIds: [other, free], assignee: user } });
      assert.deepEqual(outputsOf(s, "a").kept, [one]);
      s.emulator.tickets.detach([one]);
      await lagPasses(s);
      await upCleanly(s, { a: { findingIds: [other, free, late], assignee: user } });
      assertOwners(s, [one], null);
      assert.equal(outputsOf(s, "a").kept, undefined);
    });
  });

  it("is left alone by a destroy where somebody has got it since", async () => {
    await play({ findings: 2 }, async (s, user, person) => {
      const [one = "", other = ""] = s.ids;
      const ticket = s.emulator.tickets.create({ system: "jira", issueKey: "PROJ-12345" });
      s.emulator.tickets.attach(ticket.id, [one, other]);
      await upCleanly(s, { a: { findingIds: s.ids, assignee: user } });
      await lagPasses(s);
      await upCleanly(s, { a: { findingIds: [other], assignee: user } });
      s.emulator.tickets.detach([one]);
      s.emulator.reassignByHand(one, person);
      await lagPasses(s);
      await s.stack.destroy();
      assertOwners(s, [one], person);
      assertOwners(s, [other], null);
    });
  });
});
