import assert from "node:assert/strict";
import { assertOwners, lagPasses, play, upCleanly } from "../../support/play";

describe("a finding that loses its owner with another one of its ticket", () => {
  it("is assigned again in the same up by its resource, if that comes after the release", async () => {
    await play({ findings: 4, parallel: 1 }, async (s, user) => {
      const [dropped = "", declared = "", one = "", two = ""] = s.ids;
      const ticket = s.emulator.tickets.create({ system: "jira", issueKey: "PROJ-12345" });
      s.emulator.tickets.attach(ticket.id, [dropped, declared]);
      const late = { findingIds: [declared, two], assignee: user };
      await upCleanly(s, { early: { findingIds: [dropped, one], assignee: user }, late });
      await lagPasses(s);
      const after = { early: { findingIds: [one], assignee: user }, late };
      const { errors } = await s.stack.up(after, { only: ["early", "late"] });
      assert.deepEqual([...errors], []);
      assertOwners(s, [declared, one, two], user);
    });
  });
});
