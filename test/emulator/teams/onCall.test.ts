import assert from "node:assert/strict";
import { assertLike } from "../assertLike";
import { at, call, idsOf } from "../callEmulator";
import { Emulator } from "../emulator";
import scheduleOnCall from "../fixtures/scheduleOnCall.json";
import teamOnCall from "../fixtures/teamOnCall.json";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "../keyring";
import { seedUsers } from "../seed";
import { SimulatedClock } from "../simulatedClock";
import { type EmulatedSchedule, type EmulatedTeam, type Rotation, shiftAt } from "./teamModel";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const users = seedUsers();
const [ada = "", ben = "", chloe = ""] = users.map(({ id }) => id);
const rotation: Rotation = { shifts: [[ada], [ben, chloe], []], shiftMs: HOUR, startsAt: START };
const team: EmulatedTeam = {
  id: "7ea00000-0000-4000-8000-000000000001",
  handle: "payments",
  name: "Payments",
  memberIds: [ada, ben],
  onCall: rotation,
  escalations: [[chloe], [ben]],
};
const schedule: EmulatedSchedule = { id: "5c4ed000-0000-4000-8000-000000000001", onCall: rotation };

describe("emulator: answers about on-call have the shape of recorded ones", () => {
  const emulator = new Emulator({
    users,
    teams: [{ ...team, escalations: [] }],
    schedules: [{ id: schedule.id, onCall: [ada] }],
    clock: new SimulatedClock(START),
  });

  it("a team", async () => {
    const path = `/api/v2/on-call/teams/${team.id}/on-call?include=responders%2Cescalations.responders`;
    const called = await call(emulator, "GET", path);
    assertLike(called, [teamOnCall]);
    assert.equal(at(called.body, "data.id"), `${team.id}-${START / 1_000}`);
    assert.deepEqual(idsOf({ data: at(called.body, "included") }), [ada]);
  });

  it("a schedule", async () => {
    assertLike(await call(emulator, "GET", `/api/v2/on-call/schedules/${schedule.id}/on-call`), [
      scheduleOnCall,
    ]);
  });
});

describe("emulator: answers about on-call that are refusals", () => {
  const onCallTeam = `/api/v2/on-call/teams/${team.id}/on-call`;
  const onCallSchedule = `/api/v2/on-call/schedules/${schedule.id}/on-call`;
  const open = () => new Emulator({ users, teams: [team], schedules: [{ id: schedule.id, onCall: [] }] });
  const refused = async (emulator: Emulator, path: string) => {
    const { status, body } = await call(emulator, "GET", path);
    return [status, JSON.stringify(body)] as const;
  };

  it("are a 404 where nobody is on call by a schedule", async () => {
    const [status, text] = await refused(open(), onCallSchedule);
    assert.equal(status, 404);
    assert.match(text, /nobody is on call/);
  });

  it("are a 403 without the permission on_call_read", async () => {
    const emulator = open();
    const key = { apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY };
    emulator.keys.replace([{ ...key, permissions: ["read", "write", "users", "teams"] }]);
    for (const path of [onCallTeam, onCallSchedule]) assert.equal((await refused(emulator, path))[0], 403);
  });

  it("are a 404 for everything on the gov sites, where teams are there", async () => {
    const emulator = open();
    emulator.settings.hasOnCall = false;
    for (const path of [onCallTeam, onCallSchedule]) assert.equal((await refused(emulator, path))[0], 404);
    assert.equal((await refused(emulator, "/api/v2/team"))[0], 200);
  });
});

describe("emulator: a shift", () => {
  it("of those who are always on call is a day in UTC", () => {
    assert.deepEqual(shiftAt([ada], START + 5 * HOUR), {
      userIds: [ada],
      start: START,
      end: START + 24 * HOUR,
    });
  });

  it("of a rotation begins and ends with it, to the ms", () => {
    assert.deepEqual(shiftAt(rotation, START + HOUR - 1).userIds, [ada]);
    assert.deepEqual(shiftAt(rotation, START + HOUR), {
      userIds: [ben, chloe],
      start: START + HOUR,
      end: START + 2 * HOUR,
    });
  });
});
