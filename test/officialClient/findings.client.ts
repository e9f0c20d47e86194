import assert from "node:assert/strict";
import { type EmulatorServer, seedFindings, startEmulator } from "../emulator";
import {
  assigneeRequest,
  configuration,
  logger,
  rejectsWith,
  SecurityMonitoringApi,
  UsersApi,
} from "./client";

describe("Datadog's own client drives the emulator", () => {
  const findings = seedFindings({ count: 120 });
  const ids = findings.map(({ id }) => id);
  let server: EmulatorServer;
  let security: SecurityMonitoringApi;
  let users: UsersApi;
  let ada = "";

  before(() => logger.setLevel("error"));
  after(() => logger.setLevel("info"));

  beforeEach(async () => {
    server = await startEmulator({ findings });
    security = new SecurityMonitoringApi(configuration(server.url));
    users = new UsersApi(configuration(server.url));
    ada = server.emulator.users[0]?.id ?? "";
  });
  afterEach(() => server.close());

  it("assigns and unassigns", async () => {
    const body = assigneeRequest(ids.slice(0, 100), ada);
    const assigned = await security.updateFindingsAssignee({ body });
    assert.equal(assigned.data.id, body.data.id);
    assert.equal(assigned.data.attributes.assigneeId, ada);
    assert.equal(assigned.meta, undefined);
    assert.deepEqual([...server.emulator.touched], ids.slice(0, 100));
    assert.equal(server.emulator.ownerOf(ids[99] ?? ""), ada);

    const unassigned = await security.updateFindingsAssignee({ body: assigneeRequest(ids.slice(0, 1)) });
    assert.equal(unassigned.data.attributes.assigneeId, undefined);
    assert.equal(server.emulator.ownerOf(ids[0] ?? ""), null);
  });

  it("sees failures and warnings of single findings", async () => {
    server.emulator.settings.missingFindings = "failure-per-finding";
    server.emulator.failFinding(ids[0] ?? "", { status: 500, detail: "busy" });
    server.emulator.warnFinding(ids[1] ?? "", { status: 409, title: "Jira", detail: "not synchronized" });
    const body = assigneeRequest([...ids.slice(0, 3), "gone"], ada);
    const { meta } = await security.updateFindingsAssignee({ body });
    assert.deepEqual(
      meta?.failures?.map(({ findingId, status, title, detail }) => [findingId, status, title, detail]),
      [
        [ids[0], 500, "Internal Server Error", "busy"],
        ["gone", 404, "Not Found", "finding not found"],
      ],
    );
    assert.deepEqual(
      meta?.warnings?.map(({ findingId, status }) => [findingId, status]),
      [[ids[1], 409]],
    );
    assert.deepEqual([...server.emulator.touched], ids.slice(1, 3));
  });

  it("gets the errors that the API reference names", async () => {
    const send = (findingIds: readonly string[], assignee: string) =>
      security.updateFindingsAssignee({ body: assigneeRequest(findingIds, assignee) });
    await rejectsWith(send([], ada), 400, /no finding provided/);
    await rejectsWith(send(ids.slice(0, 101), ada), 400, /limit is 100/);
    await rejectsWith(send(["gone"], ada), 404, /finding not found/);
    const nobody = "00000000-0000-4000-8000-000000000000";
    await rejectsWith(send(ids.slice(0, 1), nobody), 404, /assignee not found/);
    const stranger = new SecurityMonitoringApi(configuration(server.url, { apiKey: "wrong" }));
    const body = assigneeRequest(ids.slice(0, 1), ada);
    await rejectsWith(stranger.updateFindingsAssignee({ body }), 403, /Forbidden/);
    server.emulator.setRateLimit("assignee", { limit: 1, periodSeconds: 300 });
    await send(ids.slice(0, 1), ada);
    await rejectsWith(send(ids.slice(0, 1), ada), 429, /Rate limit of 1 requests in 300 seconds reached/);
    assert.deepEqual([...server.emulator.touched], ids.slice(0, 1));
  });

  it("searches page by page", async () => {
    const attributes = { filter: "@finding_id:*", page: { limit: 50 } };
    const found: (string | undefined)[] = [];
    for await (const { id } of security.searchSecurityFindingsWithPagination({
      body: { data: { attributes } },
    })) {
      found.push(id);
    }
    assert.deepEqual(found, ids);
    assert.equal(server.emulator.requests.count("search"), 3);
  });

  it("searches by the assignee", async () => {
    await security.updateFindingsAssignee({ body: assigneeRequest(ids.slice(3, 5), ada) });
    const attributes = { filter: `@workflow.triage.assignee.id:${ada}` };
    const { data } = await security.searchSecurityFindings({ body: { data: { attributes } } });
    assert.deepEqual(
      data?.map(({ id }) => id),
      ids.slice(3, 5),
    );
    const custom = data?.[0]?.attributes?.attributes?.["custom"];
    assert.equal(custom.workflow.triage.assignee.id, ada);
  });

  it("lists page by page, oldest first", async () => {
    const found: (string | undefined)[] = [];
    const pages = security.listSecurityFindingsWithPagination({
      pageLimit: 100,
      sort: "@detection_changed_at",
    });
    for await (const { id } of pages) found.push(id);
    assert.deepEqual(found, [...ids].reverse());
  });

  it("gets a 400 for a query that makes no sense", async () => {
    const body = { data: { attributes: { filter: "team:(a OR" } } };
    await rejectsWith(security.searchSecurityFindings({ body }), 400, /invalid query/);
  });

  it("lists and gets users", async () => {
    const { data, meta } = await users.listUsers({ filter: "ADA.MOREAU", pageSize: 100, pageNumber: 0 });
    assert.deepEqual(
      data?.map(({ attributes }) => attributes?.email),
      ["ada.moreau@example.com"],
    );
    assert.equal(meta?.page?.totalFilteredCount, 1);
    assert.equal(meta?.page?.totalCount, 12);
    const { data: one } = await users.getUser({ userId: ada });
    assert.equal(one?.attributes?.email, "ada.moreau@example.com");
    await rejectsWith(users.getUser({ userId: "00000000-0000-4000-8000-000000000000" }), 404, /not found/);
  });

  it("pages through users", async () => {
    const found: (string | undefined)[] = [];
    for await (const { id } of users.listUsersWithPagination({ pageSize: 5 })) found.push(id);
    assert.deepEqual(
      found,
      server.emulator.users.map(({ id }) => id),
    );
    assert.equal(server.emulator.requests.count("users"), 3);
  });
});
