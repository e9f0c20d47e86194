import assert from "node:assert/strict";
import { assertLike, assertRefused } from "../assertLike";
import { at, call } from "../callEmulator";
import { Emulator } from "../emulator";
import getTeam from "../fixtures/getTeam.json";
import listTeams from "../fixtures/listTeams.json";
import listTeamsPage0 from "../fixtures/listTeamsPage0.json";
import listTeamsPage1 from "../fixtures/listTeamsPage1.json";
import teamMembersNone from "../fixtures/teamMembersNone.json";
import teamMembersNotFound from "../fixtures/teamMembersNotFound.json";
import teamMembersPage0 from "../fixtures/teamMembersPage0.json";
import teamMembersPage1 from "../fixtures/teamMembersPage1.json";
import teamNotFound from "../fixtures/teamNotFound.json";
import { empty, payments, teams, users } from "./sampleTeams";

describe("emulator: answers about teams have the shape of recorded ones", () => {
  const emulator = new Emulator({ users, teams });

  it("the list", async () => {
    const called = await call(emulator, "GET", "/api/v2/team");
    assertLike(called, [listTeams]);
    assert.deepEqual(at(called.body, "meta"), listTeams.response.body.meta);
    assert.deepEqual(at(called.body, "links"), listTeams.response.body.links);
  });

  for (const [number, recording] of [listTeamsPage0, listTeamsPage1].entries()) {
    it(`page ${number} of the list`, async () => {
      const path = `/api/v2/team?page%5Bsize%5D=2&page%5Bnumber%5D=${number}`;
      const called = await call(emulator, "GET", path);
      // the team of the last recorded page has a summary, the others have null there
      assertLike(called, [recording, listTeamsPage0]);
      assert.deepEqual(at(called.body, "meta"), recording.response.body.meta);
      assert.deepEqual(at(called.body, "links"), recording.response.body.links);
    });
  }

  it("one team", async () => {
    assertLike(await call(emulator, "GET", `/api/v2/team/${payments.id}`), [getTeam]);
  });

  it("no such team", async () => {
    for (const [path, recording] of [
      ["/api/v2/team/REPLACE.ME", teamNotFound],
      ["/api/v2/team/REPLACE.ME/memberships", teamMembersNotFound],
    ] as const) {
      const called = await call(emulator, "GET", path);
      assertLike(called, [recording]);
      assert.deepEqual(called.body, recording.response.body);
    }
  });

  it("members", async () => {
    for (const [number, recording] of [teamMembersPage0, teamMembersPage1].entries()) {
      const path = `/api/v2/team/${payments.id}/memberships?page%5Bsize%5D=2&page%5Bnumber%5D=${number}`;
      const called = await call(emulator, "GET", path);
      assertLike(called, [recording]);
      assert.deepEqual(at(called.body, "meta"), recording.response.body.meta);
    }
  });

  it("no members", async () => {
    const called = await call(emulator, "GET", `/api/v2/team/${empty.id}/memberships`);
    assertLike(called, [teamMembersNone]);
    assert.deepEqual(at(called.body, "meta"), teamMembersNone.response.body.meta);
  });
});

describe("emulator: answers about teams that are refusals", () => {
  it("are a 400 for page sizes that are too large, and for orders that the emulator has not", async () => {
    const emulator = new Emulator({ users, teams });
    await assertRefused(emulator, "/api/v2/team?page%5Bsize%5D=101", 400, /must be between 1 and 100/);
    await assertRefused(emulator, "/api/v2/team?sort=name", 400, /does not sort/);
  });

  it("are a 403 without the permission teams_read", async () => {
    const emulator = new Emulator({ users, teams });
    emulator.keys.permit("read", "write", "users", "onCall");
    for (const path of ["/api/v2/team", `/api/v2/team/${payments.id}/memberships`])
      await assertRefused(emulator, path, 403, /Forbidden/);
  });

  it("are a 429 over the limit, which says the limit", async () => {
    const emulator = new Emulator({ users, teams });
    emulator.setRateLimit("teams", { limit: 1, periodSeconds: 60 });
    assert.equal((await call(emulator, "GET", "/api/v2/team")).status, 200);
    await assertRefused(emulator, "/api/v2/team", 429, /Rate limit of 1 requests/);
  });
});
