import type { EmulatedUser } from "../findingModel";
import { SeededRandom } from "../seededRandom";
import type { EmulatedSchedule, EmulatedTeam } from "../teams/teamModel";

/**
 * Handles of the teams that have a lead, members and somebody on call. The first six have most of the
 * findings.
 */
export const EXAMPLE_TEAMS: readonly string[] = [
  ...["payments", "platform", "mobile", "identity", "data", "search", "web", "checkout", "ledger", "billing"],
  ...["catalog", "gateway", "ingest", "notifier", "login", "fraud", "risk", "growth", "ads", "analytics"],
  ...["messaging", "media", "maps", "inventory", "orders", "shipping", "pricing", "loyalty", "support"],
  ...["partners", "developer-tools", "observability", "networking", "storage", "compute", "databases"],
  ...["security", "compliance", "it", "sre"],
];

/** The team of `LEGACY_TEAM` has no active member, that of `NIGHT_TEAM` nobody on call. */
export const LEGACY_TEAM = "legacy";
export const NIGHT_TEAM = "night";

const DAY_MS = 86_400_000;
const A_MONDAY = Date.UTC(2026, 0, 5);

export interface TeamPeople {
  readonly leads: ReadonlyMap<string, EmulatedUser>;
  readonly engineers: readonly EmulatedUser[];
  readonly leaver: EmulatedUser;
}

/**
 * Each team has its lead and two engineers, who are on call for a day each in turn, in UTC; the lead is asked
 * after them.
 */
export function exampleTeams({ leads, engineers, leaver }: TeamPeople): EmulatedTeam[] {
  const random = new SeededRandom(4_242);
  const named = (handle: string, memberIds: readonly string[]): EmulatedTeam => ({
    id: random.uuid(),
    handle,
    name: handle.charAt(0).toUpperCase() + handle.slice(1).replaceAll("-", " "),
    memberIds,
  });
  const teams = EXAMPLE_TEAMS.map((handle, index) => {
    const lead = leads.get(handle);
    const members = [lead, engineers[2 * index], engineers[2 * index + 1]];
    const memberIds = members.filter((user) => user !== undefined).map(({ id }) => id);
    const shifts = memberIds.map((id) => [id]);
    return {
      ...named(handle, memberIds),
      onCall: { shifts, shiftMs: DAY_MS, startsAt: A_MONDAY },
      escalations: [memberIds.slice(0, 1)],
    };
  });
  const night = engineers.slice(0, 2).map(({ id }) => id);
  return [...teams, named(NIGHT_TEAM, night), named(LEGACY_TEAM, [leaver.id])];
}

/** For each team that has somebody on call the schedule that says so. */
export function exampleSchedules(teams: readonly EmulatedTeam[]): EmulatedSchedule[] {
  const random = new SeededRandom(2_424);
  return teams.flatMap(({ id, onCall }) =>
    onCall === undefined ? [] : [{ id: random.uuid(), teamIds: [id], onCall }],
  );
}
