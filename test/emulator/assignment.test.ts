import assert from "node:assert/strict";
import { assign, assignmentBody, at, call, search } from "./callEmulator";
import { Emulator } from "./emulator";
import type { RequestEvent } from "./emulatorOptions";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, EMULATOR_CALLER_ID } from "./keyring";
import { seedFindings, seedUsers } from "./seed";
import { SimulatedClock } from "./simulatedClock";

const PATH = "/api/v2/security/findings/assignee";
const findings = seedFindings({ count: 5 });
const ids = findings.map(({ id }) => id);
const id = ids[0] ?? "";
const [ada, ben] = seedUsers();
assert.ok(ada && ben);

describe("emulator: assignment", () => {
  it("keeps who assigned and when, on its own clock", async () => {
    const clock = new SimulatedClock(Date.UTC(2026, 4, 6, 7, 8, 9));
    const emulator = new Emulator({ clock, findings });
    const { headers } = await assign(emulator, [id], ada.id);
    assert.equal(headers["date"], "Wed, 06 May 2026 07:08:09 GMT");
    const { body } = await search(emulator, `@finding_id:"${id}"`);
    assert.deepEqual(at(body, "data.0.attributes.attributes.custom.workflow.triage.assignee"), {
      id: ada.id,
      name: "Ada Moreau",
      updated_at: clock.now(),
      updated_by: { id: EMULATOR_CALLER_ID, name: "API caller" },
    });
  });

  it("unassigns by null as well as by nothing", async () => {
    const emulator = new Emulator({ findings });
    const body = assignmentBody([id], null);
    for (const attributes of [{}, { assignee_id: null }]) {
      await assign(emulator, [id], ada.id);
      await call(emulator, "PATCH", PATH, { data: { ...body.data, attributes } });
      assert.equal(emulator.ownerOf(id), null);
    }
  });

  const { data } = assignmentBody([id], ada.id);
  const invalid: readonly (readonly [what: string, body: unknown, detail: RegExp])[] = [
    ["no JSON", "{", /not valid JSON/],
    ["no data", {}, /missing required top-level members/],
    ["another type", { data: { ...data, type: "mute" } }, /data\.type/],
    ["no attributes", { data: { ...data, attributes: undefined } }, /data\.attributes/],
    [
      "an assignee that is no UUID",
      { data: { ...data, attributes: { assignee_id: "ada" } } },
      /must be a UUID/,
    ],
    ["no finding", assignmentBody([], ada.id), /^no finding provided$/],
    [
      "101 findings",
      assignmentBody(
        Array.from({ length: 101 }, () => id),
        ada.id,
      ),
      /limit is 100/,
    ],
    ["a finding without an id", assignmentBody([""], ada.id), /findings\.data\.0\.id/],
  ];
  for (const [what, body, detail] of invalid) {
    it(`refuses ${what}`, async () => {
      const emulator = new Emulator({ findings });
      const answer = await call(emulator, "PATCH", PATH, body);
      assert.equal(answer.status, 400);
      assert.match(String(at(answer.body, "errors.0.detail")), detail);
      assert.equal(emulator.touched.size, 0);
    });
  }

  it("refuses the whole batch for one missing finding, or fails that one alone", async () => {
    const emulator = new Emulator({ findings });
    emulator.removeFinding(id);
    assert.equal((await assign(emulator, ids, ada.id)).status, 404);
    assert.equal(emulator.touched.size, 0);
    emulator.settings.missingFindings = "failure-per-finding";
    const { status, body } = await assign(emulator, ids, ada.id);
    assert.equal(status, 202);
    assert.deepEqual(at(body, "meta"), {
      failures: [{ finding_id: id, status: 404, title: "Not Found", detail: "finding not found" }],
    });
    assert.deepEqual([...emulator.touched], ids.slice(1));
  });

  it("words errors in the shapes that are known", async () => {
    const emulator = new Emulator({ findings });
    const detail = "finding not found";
    const errors = async () => at((await assign(emulator, ["gone"], null)).body, "errors");
    assert.deepEqual(await errors(), [{ status: "404", title: "Not Found", detail }]);
    emulator.settings.errorShape = "objects-without-title";
    assert.deepEqual(await errors(), [{ status: "404", detail }]);
    emulator.settings.errorShape = "strings";
    assert.deepEqual(await errors(), [detail]);
  });

  it("fails and warns as often as it was told", async () => {
    const emulator = new Emulator({ findings });
    emulator.failFinding(id, { status: 503, times: 1 });
    emulator.warnFinding(id, { status: 409, title: "Jira", detail: "closed" });
    const meta = async () => at((await assign(emulator, [id], ada.id)).body, "meta");
    const failure = { status: 503, title: "Service Unavailable", detail: "scripted by a test" };
    assert.deepEqual(await meta(), { failures: [{ finding_id: id, ...failure }] });
    assert.equal(emulator.ownerOf(id), null);
    const warning = { finding_id: id, status: 409, title: "Jira", detail: "closed" };
    assert.deepEqual(await meta(), { warnings: [warning] });
    assert.equal(emulator.ownerOf(id), ada.id);
    assert.deepEqual(await meta(), { warnings: [warning] });
  });

  it("forbids what the keys may not", async () => {
    const writer = { apiKey: "api", appKey: "writer", permissions: ["write"] as const };
    const reader = { apiKey: "api", appKey: "reader", permissions: ["read", "users"] as const };
    const emulator = new Emulator({ findings, keys: [writer, reader] });
    const may = async (appKey: string) => {
      const headers = { "dd-api-key": "api", "dd-application-key": appKey };
      const calls = [
        await call(emulator, "PATCH", PATH, assignmentBody([id], ada.id), headers),
        await call(emulator, "GET", "/api/v2/security/findings", undefined, headers),
        await call(emulator, "GET", "/api/v2/users", undefined, headers),
      ];
      return calls.map(({ status, body }) => (status === 403 ? JSON.stringify(body) : status));
    };
    const forbidden = '{"errors":["Forbidden"]}';
    assert.deepEqual(await may("writer"), [202, forbidden, forbidden]);
    assert.deepEqual(await may("reader"), [forbidden, 200, 200]);
    assert.deepEqual(await may("other"), [forbidden, forbidden, forbidden]);
    emulator.keys.replace([{ apiKey: "api", appKey: "other" }]);
    assert.deepEqual(await may("other"), [202, 200, 200]);
  });

  it("logs what was asked, without the keys", async () => {
    const emulator = new Emulator({ findings });
    await assign(emulator, ids.slice(0, 2), ada.id);
    await assign(emulator, ids.slice(0, 1), null);
    await search(emulator, "team:data");
    await call(emulator, "GET", "/api/v2/nothing");
    const [first, second, third, fourth] = emulator.requests.all;
    assert.deepEqual(
      [
        first?.findingIds,
        first?.assigneeId,
        first?.requestId,
        first?.outcome,
        first?.applied,
        first?.authorised,
      ],
      [ids.slice(0, 2), ada.id, "a-request", 202, true, true],
    );
    assert.equal(second?.assigneeId, null);
    assert.deepEqual([third?.query, third?.family, third?.applied], ["team:data", "search", false]);
    assert.deepEqual([fourth?.family, fourth?.outcome], ["other", 404]);
    assert.deepEqual(emulator.requests.batchSizes(), [2, 1]);
    assert.equal(emulator.requests.count(), 4);
    const log = JSON.stringify(emulator.requests.all);
    assert.ok(!log.includes(EMULATOR_API_KEY) && !log.includes(EMULATOR_APP_KEY));
    emulator.requests.reset();
    assert.equal(emulator.requests.count(), 0);
  });

  it("tells what was changed by requests from what people changed by hand", async () => {
    const emulator = new Emulator({ findings });
    emulator.reassignByHand(id, ben.id);
    await assign(emulator, ids.slice(0, 2), ada.id);
    assert.deepEqual([...emulator.touched], ids.slice(0, 2));
    assert.deepEqual(
      emulator.ownerChanges.map(({ findingId, from, to, by }) => [findingId, from, to, by]),
      [
        [id, null, ben.id, "hand"],
        [id, ben.id, ada.id, "api"],
        [ids[1], null, ada.id, "api"],
      ],
    );
    assert.deepEqual(
      [...emulator.owners()],
      ids.map((one, index) => [one, index < 2 ? ada.id : null]),
    );
  });

  it("calls the hook before a request takes effect and after, and waits for it", async () => {
    const seen: unknown[] = [];
    const emulator: Emulator = new Emulator({ findings });
    emulator.onRequest = async ({ phase, request }: RequestEvent) => {
      await Promise.resolve();
      seen.push([phase, request.index, request.outcome, emulator.ownerOf(id)]);
    };
    await assign(emulator, [id], ada.id);
    assert.deepEqual(seen, [
      ["before", 0, undefined, null],
      ["after", 0, 202, ada.id],
    ]);
  });
});
