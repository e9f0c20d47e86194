import assert from "node:assert/strict";
import { createFindingsApi } from "../../../provider/datadog/client";
import { OnCallUnavailableError, PermissionError, TeamLookupError } from "../../../provider/datadog/errors";
import { findTeam } from "../../../provider/datadog/findTeam";
import type { HttpRequest, HttpResponse } from "../../../provider/datadog/model/transport";
import { Emulator, inProcessSend, SimulatedClock, seedUsers } from "../../emulator";
import listTeams from "../../emulator/fixtures/listTeams.json";
import listTeamsPage0 from "../../emulator/fixtures/listTeamsPage0.json";
import listTeamsPage1 from "../../emulator/fixtures/listTeamsPage1.json";
import scheduleOnCall from "../../emulator/fixtures/scheduleOnCall.json";
import teamMembersNotFound from "../../emulator/fixtures/teamMembersNotFound.json";
import teamMembersPage0 from "../../emulator/fixtures/teamMembersPage0.json";
import teamMembersPage1 from "../../emulator/fixtures/teamMembersPage1.json";
import teamOnCall from "../../emulator/fixtures/teamOnCall.json";

const TEAM = "2e06bf2c-193b-41d4-b3c2-afccc080458f";

interface Recording {
  readonly response: { readonly status: number; readonly body: unknown };
}

/** Plays answers one after another, and notes the requests. */
function rig(answers: readonly Recording[], host?: string) {
  const sent: HttpRequest[] = [];
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    const answer = answers[sent.push(request) - 1];
    assert.ok(answer, `one request too many: ${request.path}`);
    return { status: answer.response.status, headers: {}, body: JSON.stringify(answer.response.body) };
  };
  return { sent, api: createFindingsApi(send, new SimulatedClock(), host === undefined ? {} : { host }) };
}

function answering(status: number, body: unknown): Recording {
  return { response: { status, body } };
}

describe("teams", () => {
  it("are listed over all pages, as recorded", async () => {
    const { api, sent } = rig([listTeamsPage0, listTeamsPage1]);
    const recorded = [...listTeamsPage0.response.body.data, ...listTeamsPage1.response.body.data];
    assert.deepEqual(
      await api.listTeams("a b&c"),
      recorded.map(({ id, attributes: { handle, name } }) => ({ id, handle, name })),
    );
    assert.deepEqual(
      sent.map(({ path }) => path),
      [0, 1].map((page) => `/api/v2/team?filter[keyword]=a%20b%26c&page[size]=100&page[number]=${page}`),
    );
  });

  it("are found by the whole handle, ignoring case, and not by a part of it or by the name", async () => {
    const { api, sent } = rig([listTeams]);
    const found = await findTeam(api, "API-spec-test-team");
    assert.equal(found.id, listTeams.response.body.data[0]?.id);
    assert.equal(sent.length, 1);
    const parts = rig([listTeams, answering(200, { data: [] }), answering(200, { data: [] })]);
    await assert.rejects(findTeam(parts.api, "api-spec"), TeamLookupError);
    const names = rig([listTeams, answering(200, { data: [] }), answering(200, { data: [] })]);
    await assert.rejects(findTeam(names.api, "Example Team"), TeamLookupError);
  });

  it("that are unknown are told with the nearest handle, which their first letters find", async () => {
    const { api, sent } = rig([answering(200, { data: [] }), listTeams]);
    await assert.rejects(findTeam(api, "api-spec-tset-team"), {
      message:
        'no team of this Datadog organisation has the handle "api-spec-tset-team"; did you mean api-spec-test-team?',
    });
    assert.match(sent[1]?.path ?? "", /filter\[keyword\]=api&/);
  });

  it("without a permission name it", async () => {
    const { api } = rig([answering(403, { errors: ["Forbidden"] })]);
    await assert.rejects(findTeam(api, "payments"), (error: unknown) => {
      assert.ok(error instanceof PermissionError);
      assert.deepEqual(error.permissions, ["teams_read"]);
      assert.match(error.message, /needs the permission teams_read/);
      return true;
    });
  });
});

describe("members of a team", () => {
  it("are listed over all pages, as recorded, with what is included of the users", async () => {
    const { api, sent } = rig([teamMembersPage0, teamMembersPage1]);
    const members = await api.listTeamMembers(TEAM);
    const users = [...teamMembersPage0.response.body.included, ...teamMembersPage1.response.body.included];
    assert.deepEqual(
      members,
      users.map(({ id, attributes: { name, email, handle } }) => ({
        id,
        name,
        email,
        handle,
        disabled: false,
        serviceAccount: false,
        organisationId: null,
      })),
    );
    assert.deepEqual(
      sent.map(({ path }) => path),
      [0, 1].map((page) => `/api/v2/team/${TEAM}/memberships?page[size]=100&page[number]=${page}`),
    );
  });

  it("show who is disabled and who is no person; who is not included is taken for a person", async () => {
    const [first, second] = teamMembersPage0.response.body.included;
    const body = {
      ...teamMembersPage0.response.body,
      data: [...teamMembersPage0.response.body.data, ...teamMembersPage1.response.body.data],
      included: [
        { ...first, attributes: { ...first?.attributes, disabled: true } },
        { ...second, attributes: { ...second?.attributes, service_account: true } },
        { type: "roles", id: "any" },
      ],
    };
    const members = await rig([answering(200, body)]).api.listTeamMembers(TEAM);
    assert.deepEqual(
      members?.map(({ disabled, serviceAccount }) => [disabled, serviceAccount]),
      [
        [true, false],
        [false, true],
        [false, false],
      ],
    );
  });

  it("end with a page that is not full where Datadog does not say how many there are", async () => {
    const { meta, ...body } = teamMembersPage0.response.body;
    assert.equal((await rig([answering(200, body)]).api.listTeamMembers(TEAM))?.length, 2);
  });

  it("of a team that is gone are undefined", async () => {
    assert.equal(await rig([teamMembersNotFound]).api.listTeamMembers("REPLACE.ME"), undefined);
  });
});

describe("who is on call for a team", () => {
  it("is read as recorded", async () => {
    const { api, sent } = rig([teamOnCall]);
    const [recorded] = teamOnCall.response.body.included;
    assert.deepEqual(await api.listOnCall(TEAM), [
      {
        id: recorded?.id,
        name: null,
        email: recorded?.attributes.email,
        handle: null,
        disabled: false,
        serviceAccount: false,
        organisationId: null,
      },
    ]);
    assert.deepEqual(
      sent.map(({ path, family }) => [path, family]),
      [[`/api/v2/on-call/teams/${TEAM}/on-call?include=responders`, "onCall"]],
    );
  });

  it("may be nobody, several users, or one who is disabled", async () => {
    const { body } = teamOnCall.response;
    const { data } = body;
    const onCall = (responders: readonly unknown[], included?: readonly unknown[]) =>
      rig([
        answering(200, {
          data: { ...data, relationships: { ...data.relationships, responders: { data: responders } } },
          ...(included && { included }),
        }),
      ]).api.listOnCall(TEAM);
    assert.deepEqual(await onCall([]), []);
    const two = [
      { type: "users", id: "A1" },
      { type: "users", id: "b2" },
    ];
    assert.deepEqual(
      (await onCall(two))?.map(({ id }) => id),
      ["a1", "b2"],
    );
    const [one] = body.included;
    const disabled = { ...one, attributes: { ...one?.attributes, status: "Disabled" } };
    assert.equal((await onCall(data.relationships.responders.data, [disabled]))?.[0]?.disabled, true);
  });

  it("is undefined for a team without On-Call", async () => {
    assert.equal(await rig([answering(404, { errors: ["not found"] })]).api.listOnCall(TEAM), undefined);
  });

  it("needs a permission that is named", async () => {
    const { api } = rig([answering(403, { errors: ["Forbidden"] })]);
    await assert.rejects(api.listOnCall(TEAM), /needs the permission on_call_read/);
  });

  it("until when is what the shifts of its schedules say: one request for the list, one for each of them", async () => {
    const listed = (id: string, teams: readonly string[]) => ({
      id,
      type: "schedules",
      relationships: { teams: { data: teams.map((each) => ({ id: each, type: "teams" })) } },
    });
    const data = [listed("s1", [TEAM]), listed("s2", [TEAM, "other"]), listed("s3", ["other"])];
    const { api, sent } = rig([
      answering(200, { data }),
      scheduleOnCall,
      answering(404, { errors: ["nobody is on call"] }),
    ]);
    const { relationships, attributes } = scheduleOnCall.response.body.data;
    assert.deepEqual(await api.listShifts([TEAM, "second"]), [
      { userId: relationships.user.data.id, teamIds: [TEAM], endsAt: Date.parse(attributes.end) },
    ]);
    assert.deepEqual(
      sent.map(({ path }) => decodeURIComponent(path)),
      [
        `/api/v2/on-call/schedules?filter[query]=team.id:(${TEAM} OR second)&page[size]=100&page[number]=0`,
        "/api/v2/on-call/schedules/s1/on-call",
        "/api/v2/on-call/schedules/s2/on-call",
      ],
    );
    assert.deepEqual(await rig([]).api.listShifts([]), []);
  });

  for (const host of ["api.ddog-gov.com", "api.us2.ddog-gov.com"]) {
    it(`is not asked of ${host}, which has no On-Call`, async () => {
      const { api, sent } = rig([], host);
      await assert.rejects(api.listShifts([TEAM]), OnCallUnavailableError);
      await assert.rejects(api.listOnCall(TEAM), (error: unknown) => {
        assert.ok(error instanceof OnCallUnavailableError);
        assert.match(error.message, /On-Call is not available on .*ddog-gov\.com; declare a user or a team/);
        return true;
      });
      assert.equal(sent.length, 0);
    });
  }
});

describe("teams of an organisation", () => {
  const users = seedUsers({ count: 230 });
  const [first, second] = users;
  assert.ok(first && second);
  const large = {
    id: "7ea00000-0000-4000-8000-000000000001",
    handle: "payments",
    name: "Payments",
    memberIds: users.map(({ id }) => id),
    onCall: {
      shifts: [[first.id], [second.id, first.id], []],
      shiftMs: 3_600_000,
      startsAt: Date.parse("2026-01-01T00:00:00Z"),
    },
  };
  const similar = {
    ...large,
    id: "7ea00000-0000-4000-8000-000000000002",
    handle: "payments-legacy",
    memberIds: [],
  };
  const clock = new SimulatedClock();
  const emulator = new Emulator({ clock, users, teams: [similar, large] });
  const api = createFindingsApi(inProcessSend(emulator), clock);

  it("are found among similar ones, with all their members, 100 to a request", async () => {
    const { id } = await clock.run(findTeam(api, "Payments"));
    assert.equal(id, large.id);
    emulator.requests.reset();
    const members = await clock.run(api.listTeamMembers(id));
    assert.deepEqual(members?.map((member) => member.id).sort(), [...large.memberIds].sort());
    assert.equal(emulator.requests.count(), 3);
    const disabled = users.filter((user) => user.disabled).map((user) => user.id);
    assert.deepEqual(
      members?.filter((member) => member.disabled).map((member) => member.id),
      disabled,
    );
  });

  it("have whoever is on call now, as the schedule rotates", async () => {
    const ids = async () => (await clock.run(api.listOnCall(large.id)))?.map(({ id }) => id);
    const seen = [];
    for (const start of [0, 1, 2, 3]) {
      await clock.advance(large.onCall.startsAt + start * large.onCall.shiftMs - clock.now());
      seen.push(await ids());
    }
    assert.deepEqual(seen, [[first.id], [second.id, first.id], [], [first.id]]);
  });

  it("show who on call is deactivated", async () => {
    emulator.putUser({ ...first, disabled: true });
    const onCall = await clock.run(api.listOnCall(large.id));
    assert.deepEqual(
      onCall?.map(({ disabled }) => disabled),
      [true],
    );
  });

  it("are unknown by an id that no team has", async () => {
    assert.equal(await clock.run(api.listTeamMembers("7ea00000-0000-4000-8000-000000000009")), undefined);
  });
});
