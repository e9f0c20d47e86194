import assert from "node:assert/strict";
import { assertLike } from "../assertLike";
import { at, call, idsOf } from "../callEmulator";
import { Emulator } from "../emulator";
import scheduleOnCall from "../fixtures/scheduleOnCall.json";
import teamOnCall from "../fixtures/teamOnCall.json";
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
const _quiet: EmulatedTeam = {
  id: "7ea00000-0000-4000-8000-000000000002",
  handle: "quiet",
  name: "Quiet",
  memberIds: [],
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
