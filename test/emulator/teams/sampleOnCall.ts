import { seedUsers } from "../seed";
import type { EmulatedSchedule, EmulatedTeam, Rotation } from "./teamModel";

// For tests: shifts of one hour with one user, two and nobody, of a team and by a schedule.

export const HOUR = 3_600_000;
export const START = Date.UTC(2026, 0, 1);
export const users = seedUsers();
export const [ada = "", ben = "", chloe = ""] = users.map(({ id }) => id);
export const rotation: Rotation = { shifts: [[ada], [ben, chloe], []], shiftMs: HOUR, startsAt: START };
export const team: EmulatedTeam = {
  id: "7ea00000-0000-4000-8000-000000000001",
  handle: "payments",
  name: "Payments",
  memberIds: [ada, ben],
  onCall: rotation,
  escalations: [[chloe], [ben]],
};
export const schedule: EmulatedSchedule = { id: "5c4ed000-0000-4000-8000-000000000001", onCall: rotation };
