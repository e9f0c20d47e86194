import assert from "node:assert/strict";
import { type EmulatedTeam, type EmulatorServer, SimulatedClock, startEmulator } from "../emulator";
import { ada, ben, chloe, HOUR, START, schedule, team, users } from "../emulator/teams/sampleOnCall";
import { configuration, Escalation, logger, OnCallApi, rejectsWith, TeamsApi, User } from "./client";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const quiet: EmulatedTeam = {
  id: "7ea00000-0000-4000-8000-000000000002",
  handle: "quiet",
  name: "Quiet",
  memberIds: [],
};

describe("Datadog's own client asks the emulator who is on call", () => {
  let server: EmulatorServer;
  let api: OnCallApi;
  let clock: SimulatedClock;

  before(() => logger.setLevel("error"));
  after(() => logger.setLevel("info"));
  beforeEach(async () => {
    clock = new SimulatedClock(START);
    server = await startEmulator({ clock, users, teams: [team, quiet], schedules: [schedule] });
    api = new OnCallApi(configuration(server.url));
  });
  afterEach(() => server.close());

  async function responders(teamId = team.id) {
    const include = "responders,escalations.responders";
    const { data } = await api.getTeamOnCallUsers({ teamId, include });
    return data?.relationships?.responders?.data?.map(({ id }) => id);
  }

  it("in a team, as its schedule rotates: one, several, nobody, and the first again", async () => {
    const seen: unknown[] = [];
    for (let hour = 0; hour < 4; hour += 1) {
      seen.push(await responders());
      await clock.advance(HOUR);
    }
    assert.deepEqual(seen, [[ada], [ben, chloe], [], [ada]]);
  });

  it("in a team without on-call: nobody", async () => {
    assert.deepEqual(await responders(quiet.id), []);
  });

  it("and after them: the steps of the escalation, and all users with e-mail and status", async () => {
    const [first] = users;
    assert.ok(first);
    server.emulator.putUser({ ...first, disabled: true });
    const include = "responders,escalations.responders";
    const { data, included } = await api.getTeamOnCallUsers({ teamId: team.id, include });
    const steps = included?.filter((item) => item instanceof Escalation);
    const stepIds = data?.relationships?.escalations?.data?.map(({ id }) => id);
    assert.deepEqual(
      steps?.map(({ id }) => id),
      stepIds,
    );
    assert.deepEqual(
      steps?.map(({ relationships }) => relationships?.responders?.data?.map(({ id }) => id)),
      [[chloe], [ben]],
    );
    const people = included?.filter((item) => item instanceof User);
    assert.deepEqual(
      people?.map(({ id, attributes }) => [id, attributes?.email, attributes?.status]),
      [
        [ada, "ada.moreau@example.com", "deactivated"],
        [chloe, "chloe.lindqvist@example.com", "active"],
        [ben, "ben.okafor@example.com", "active"],
      ],
    );
  });

  it("without users where none are to be included", async () => {
    const { included } = await api.getTeamOnCallUsers({ teamId: team.id });
    assert.equal(included, undefined);
  });

  it("by a schedule: one user, now or at another time, and a 404 where there is nobody", async () => {
    const { data, included } = await api.getScheduleOnCallUser({ scheduleId: schedule.id, include: "user" });
    assert.equal(data?.relationships?.user?.data.id, ada);
    assert.deepEqual(
      [data?.attributes?.start?.getTime(), data?.attributes?.end?.getTime()],
      [START, START + HOUR],
    );
    assert.equal(included?.length, 1);
    const at = (ms: number) =>
      api.getScheduleOnCallUser({
        scheduleId: schedule.id,
        filterAtTs: new Date(START + ms).toISOString(),
      });
    assert.equal((await at(HOUR)).data?.relationships?.user?.data.id, ben);
    await rejectsWith(at(2 * HOUR), 404, /nobody is on call/);
    await rejectsWith(at(-1), 404, /nobody is on call/);
  });

  it("by which schedules of a team: all, or those of the teams that the filter names, page by page", async () => {
    const mine = { ...schedule, teamIds: [team.id] };
    const both = { ...schedule, id: "5c4ed000-0000-4000-8000-000000000002", teamIds: [team.id, quiet.id] };
    server.emulator.putSchedule(mine);
    server.emulator.putSchedule(both);
    server.emulator.putSchedule({ ...schedule, id: UNKNOWN });
    const idsFor = async (filterQuery?: string, pageNumber = 0) => {
      const { data } = await api.listOnCallSchedules({
        pageSize: 2,
        pageNumber,
        ...(filterQuery !== undefined && { filterQuery }),
      });
      return data?.map(({ id }) => id);
    };
    assert.deepEqual(await idsFor(), [mine.id, both.id]);
    assert.deepEqual(await idsFor(undefined, 1), [UNKNOWN]);
    assert.deepEqual(await idsFor(`team.id:${quiet.id}`), [both.id]);
    assert.deepEqual(await idsFor(`team.id:(${quiet.id} OR ${team.id})`), [mine.id, both.id]);
    const { data } = await api.listOnCallSchedules({ filterQuery: `team.id:${quiet.id}` });
    assert.deepEqual(
      data?.[0]?.relationships?.teams?.data?.map(({ id }) => id),
      [team.id, quiet.id],
    );
    await rejectsWith(api.listOnCallSchedules({ filterQuery: "user.id:x" }), 400, /user\.id:x/);
  });

  it("in a team or by a schedule that does not exist: 404", async () => {
    await rejectsWith(api.getTeamOnCallUsers({ teamId: UNKNOWN }), 404, /not found/);
    await rejectsWith(api.getScheduleOnCallUser({ scheduleId: UNKNOWN }), 404, /not found/);
  });

  it("and is refused without the permission on_call_read", async () => {
    server.emulator.keys.permit("read", "write", "users", "teams");
    await rejectsWith(responders(), 403, /Forbidden/);
    await rejectsWith(api.getScheduleOnCallUser({ scheduleId: schedule.id }), 403, /Forbidden/);
    assert.equal(server.emulator.requests.count({ family: "onCall", outcome: 403 }), 2);
  });

  it("and gets a 404 for everything on the gov sites, while teams are there", async () => {
    server.emulator.settings.hasOnCall = false;
    await rejectsWith(responders(), 404, /Not found/);
    await rejectsWith(api.getScheduleOnCallUser({ scheduleId: schedule.id }), 404, /Not found/);
    const { data } = await new TeamsApi(configuration(server.url)).listTeams({ pageSize: 10 });
    assert.equal(data?.length, 2);
  });
});
