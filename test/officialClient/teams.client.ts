import assert from "node:assert/strict";
import { type EmulatorServer, startEmulator } from "../emulator";
import { payments, platform, teams, userIds, users } from "../emulator/teams/sampleTeams";
import { configuration, logger, rejectsWith, TeamsApi, User } from "./client";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
describe("Datadog's own client asks the emulator for teams", () => {
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
    server.emulator.keys.permit("read", "write", "users", "onCall");
    await rejectsWith(api.listTeams(), 403, /Forbidden/);
    await rejectsWith(api.getTeamMemberships({ teamId: payments.id }), 403, /Forbidden/);
    server.emulator.keys.permit("teams");
    server.emulator.setRateLimit("teams", { limit: 1, periodSeconds: 60 });
    await api.getTeam({ teamId: payments.id });
    await rejectsWith(api.getTeam({ teamId: payments.id }), 429, /Rate limit of 1 requests/);
  });

  it("and is told of page sizes that are too large, and of orders that the emulator has not", async () => {
    await rejectsWith(api.listTeams({ pageSize: 101 }), 400, /page\[size\] must be between 1 and 100/);
    await rejectsWith(api.listTeams({ sort: "name" }), 400, /does not sort/);
  });
});
