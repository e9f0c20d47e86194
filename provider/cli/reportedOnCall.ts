import { OnCallUnavailableError } from "../datadog/errors/onCallUnavailableError";
import { PermissionError } from "../datadog/errors/permissionError";
import type { DatadogUser, FindingsApi, OnCallShift } from "../datadog/model/findingsApi";
import type { OwnershipSpec } from "../rules/rule";
import type { OwnerDirectory } from "../session/ownerDirectory";
import type { ReportData } from "./reportData";

/**
 * Who is on call for the teams that rules name as `on-call:HANDLE`, and until when: beside what the rules ask
 * themselves one request for all schedules of these teams, and one for each of the schedules. What the keys
 * may not ask is told with the rules.
 */
export async function findOnCall(
  api: Pick<FindingsApi, "listShifts">,
  directory: OwnerDirectory,
  { rules }: Pick<OwnershipSpec, "rules">,
): Promise<ReportData["onCall"]> {
  const owners = rules.flatMap((rule) => rule.owners.owners).map(({ owner }) => owner);
  const handles = [...new Set(owners.flatMap((owner) => (owner.kind === "onCall" ? owner.handle : [])))];
  const teams = await Promise.all(
    handles.map(async (team) => ({ team, users: await usersOf(directory, team) })),
  );
  const busy = teams.filter(({ users }) => users.length > 0);
  const ids = directory.teams(busy.map(({ team }) => team));
  const shifts = await allowed([], () => api.listShifts(Object.values(ids)));
  return busy.flatMap(({ team, users }) =>
    users.map(({ id }) => ({ team, user: id, until: endOf(shifts, ids[team], id) })),
  );
}

function usersOf(directory: OwnerDirectory, team: string): Promise<readonly DatadogUser[]> {
  return allowed([], async () => (await directory.onCall(team)).users);
}

/** The end of the last of a user's shifts for a team that have begun; null: no schedule says it. */
function endOf(shifts: readonly OnCallShift[], teamId: string | undefined, userId: string): string | null {
  const ends = shifts.flatMap((shift) =>
    shift.userId === userId && shift.teamIds.some((id) => id === teamId) ? (shift.endsAt ?? []) : [],
  );
  return ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString();
}

async function allowed<T>(otherwise: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof PermissionError || error instanceof OnCallUnavailableError) return otherwise;
    throw error;
  }
}
