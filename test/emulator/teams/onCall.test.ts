import assert from "node:assert/strict";
import { assertLike, assertRefused } from "../assertLike";
import { at, call, idsOf } from "../callEmulator";
import { Emulator } from "../emulator";
import scheduleOnCall from "../fixtures/scheduleOnCall.json";
import teamOnCall from "../fixtures/teamOnCall.json";
import { SimulatedClock } from "../simulatedClock";
import { ada, ben, chloe, HOUR, rotation, START, schedule, team, users } from "./sampleOnCall";
import { shiftAt } from "./teamModel";

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

  it("are a 404 where nobody is on call by a schedule", async () => {
    await assertRefused(open(), onCallSchedule, 404, /nobody is on call/);
  });

  it("are a 403 without the permission on_call_read", async () => {
    const emulator = open();
    emulator.keys.permit("read", "write", "users", "teams");
    for (const path of [onCallTeam, onCallSchedule]) await assertRefused(emulator, path, 403, /Forbidden/);
  });

  it("are a 404 for everything on the gov sites, where teams are there", async () => {
    const emulator = open();
    emulator.settings.hasOnCall = false;
    for (const path of [onCallTeam, onCallSchedule]) await assertRefused(emulator, path, 404, /Not found/);
    assert.equal((await call(emulator, "GET", "/api/v2/team")).status, 200);
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
