import assert from "node:assert/strict";
import { assertLike } from "../assertLike";
import { at, call } from "../callEmulator";
import { Emulator } from "../emulator";
import { type EmulatorServer, startEmulator } from "../emulatorServer";
import getTeam from "../fixtures/getTeam.json";
import listTeams from "../fixtures/listTeams.json";
import listTeamsPage0 from "../fixtures/listTeamsPage0.json";
import listTeamsPage1 from "../fixtures/listTeamsPage1.json";
import teamMembersNone from "../fixtures/teamMembersNone.json";
import teamMembersNotFound from "../fixtures/teamMembersNotFound.json";
import teamMembersPage0 from "../fixtures/teamMembersPage0.json";
import teamMembersPage1 from "../fixtures/teamMembersPage1.json";
import teamNotFound from "../fixtures/teamNotFound.json";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "../keyring";
import { configuration, logger, rejectsWith, TeamsApi, User } from "../officialClient";
import { seedUsers } from "../seed";
import type { EmulatedTeam } from "./teamModel";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const users = seedUsers({ count: 23 });
const userIds = users.map(({ id }) => id);

function team(number: number, handle: string, memberIds: readonly string[]): EmulatedTeam {
  return { id: `7ea00000-0000-4000-8000-00000000000${number}`, handle, name: `Team ${handle}`, memberIds };
}

const payments = team(1, "payments", userIds.slice(0, 3));
const platform = team(2, "platform", userIds);
const empty = team(3, "payments-legacy", []);
const teams = [payments, platform, empty];

describe("emulator: Datadog's own client asks for teams", () => {
  let server: EmulatorServer;
  let api: TeamsApi;

  before(() => logger.setLevel("error"));
  after(() => logger.setLevel("info"));
  beforeEach(async () => {
    server = await startEmulator({ users, teams });
    api = new TeamsApi(configuration(server.url));
  });
  afterEach(() => server.close());

  it("by a keyword in the name, the handle, or the e-mail of a member", async () => {
    const handles = async (filterKeyword: string) => {
      const { data } = await api.listTeams({ filterKeyword, pageSize: 100, pageNumber: 0 });
      return data?.map(({ attributes }) => attributes.handle);
    };
    assert.deepEqual(await handles("PAYMENTS"), ["payments", "payments-legacy"]);
    assert.deepEqual(await handles("ada.moreau@"), ["payments", "platform"]);
    assert.deepEqual(await handles("nothing"), []);
    assert.deepEqual(server.emulator.requests.filter("teams").map(({ query }) => query)[0], "PAYMENTS");
  });

  it("page by page", async () => {
    const found: string[] = [];
    for await (const { id } of api.listTeamsWithPagination({ pageSize: 2 })) found.push(id);
    assert.deepEqual(
      found,
      teams.map(({ id }) => id),
    );
    assert.equal(server.emulator.requests.count("teams"), 2);
  });

  it("alone, with the number of members", async () => {
    const { data } = await api.getTeam({ teamId: platform.id });
    assert.deepEqual([data?.attributes.handle, data?.attributes.userCount], ["platform", 23]);
    await rejectsWith(api.getTeam({ teamId: UNKNOWN }), 404, /not found/);
  });

  it("and their members page by page, disabled ones too", async () => {
    const [ada] = users;
    assert.ok(ada);
    server.emulator.putUser({ ...ada, disabled: true });
    const found: (string | undefined)[] = [];
    for await (const { relationships } of api.getTeamMembershipsWithPagination({ teamId: platform.id })) {
      found.push(relationships?.user?.data.id);
    }
    assert.deepEqual(found, userIds);
    assert.equal(server.emulator.requests.count("teams"), 3);
    const { included } = await api.getTeamMemberships({ teamId: platform.id, pageSize: 1 });
    assert.deepEqual(
      included?.map((user) => user instanceof User && user.attributes?.disabled),
      [true],
    );
  });

  it("and sees who joins and who leaves", async () => {
    const members = async () => {
      const { data } = await api.getTeamMemberships({ teamId: payments.id, pageSize: 100 });
      return data?.map(({ relationships }) => relationships?.user?.data.id);
    };
    server.emulator.putTeam({ ...payments, memberIds: userIds.slice(1, 4) });
    assert.deepEqual(await members(), userIds.slice(1, 4));
    server.emulator.removeUser(userIds[1] ?? "");
    assert.deepEqual(await members(), userIds.slice(2, 4));
    server.emulator.removeTeam(payments.id);
    await rejectsWith(api.getTeamMemberships({ teamId: payments.id }), 404, /not found/);
  });

  it("and is refused without the permission teams_read, and over the limit", async () => {
    const key = { apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY };
    server.emulator.keys.replace([{ ...key, permissions: ["read", "write", "users", "onCall"] }]);
    await rejectsWith(api.listTeams(), 403, /Forbidden/);
    await rejectsWith(api.getTeamMemberships({ teamId: payments.id }), 403, /Forbidden/);
    server.emulator.keys.replace([{ ...key, permissions: ["teams"] }]);
    server.emulator.setRateLimit("teams", { limit: 1, periodSeconds: 60 });
    await api.getTeam({ teamId: payments.id });
    await rejectsWith(api.getTeam({ teamId: payments.id }), 429, /Rate limit of 1 requests/);
  });

  it("and is told of page sizes that are too large, and of orders that the emulator has not", async () => {
    await rejectsWith(api.listTeams({ pageSize: 101 }), 400, /page\[size\] must be between 1 and 100/);
    await rejectsWith(api.listTeams({ sort: "name" }), 400, /does not sort/);
  });
});

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
