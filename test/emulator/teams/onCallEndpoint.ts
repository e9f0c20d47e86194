import { ApiError } from "../apiErrors";
import { type Answer, jsonAnswer } from "../exchange";
import type { EmulatedUser } from "../findingModel";
import { statusOf } from "../usersEndpoint";
import type { World } from "../world";
import { type PageParameters, pageOf } from "./pagination";
import { shiftAt } from "./teamModel";
import { teamOf } from "./teamsEndpoint";

/** Names after commas. */
export type Include = ReadonlySet<string>;

/** `GET /api/v2/on-call/teams/{team_id}/on-call`: who is on call now, and who is after them. */
export function getTeamOnCall(world: World, teamId: string, include: Include): Answer {
  refuseWhereMissing(world);
  const team = teamOf(world, teamId);
  const now = world.now();
  const responders = knownUsers(world, shiftAt(team.onCall ?? [], now).userIds);
  const escalations = (team.escalations ?? []).map((step, index) => ({
    id: `${team.id}-step-${index + 1}`,
    users: knownUsers(world, shiftAt(step, now).userIds),
  }));
  const steps = escalations.map(({ id, users }) => ({
    id,
    type: "escalation_policy_steps",
    relationships: { responders: { data: users.map(reference) } },
  }));
  const users = new Set([
    ...(include.has("responders") ? responders : []),
    ...(include.has("escalations.responders") ? escalations.flatMap((step) => step.users) : []),
  ]);
  const withSteps = include.has("escalations") || include.has("escalations.responders");
  const included = [...(withSteps ? steps : []), ...[...users].map(userDocument)];
  const data = {
    id: `${team.id}-${Math.floor(now / 1_000)}`,
    type: "team_oncall_responders",
    relationships: {
      escalations: { data: steps.map(({ id, type }) => ({ id, type })) },
      responders: { data: responders.map(reference) },
    },
  };
  return jsonAnswer(200, included.length > 0 ? { data, included } : { data });
}

export interface ScheduleListParameters extends PageParameters {
  /** `filter[query]`: nothing, or `team.id:UUID`, or `team.id:(UUID OR UUID)`. */
  readonly filter: string;
}

/** `GET /api/v2/on-call/schedules`: with the teams that each belongs to. */
export function listSchedules(world: World, parameters: ScheduleListParameters): Answer {
  refuseWhereMissing(world);
  const wanted = teamsIn(parameters.filter);
  const matching = [...world.schedules.values()].filter(
    ({ teamIds = [] }) => wanted === undefined || teamIds.some((id) => wanted.has(id)),
  );
  const { items } = pageOf(matching, parameters);
  const data = items.map(({ id, teamIds = [] }) => ({
    id,
    type: "schedules",
    attributes: { name: `Schedule ${id.slice(0, 8)}`, time_zone: "UTC" },
    relationships: { teams: { data: teamIds.map((teamId) => ({ id: teamId, type: "teams" })) } },
  }));
  return jsonAnswer(200, { data });
}

/** undefined: of every team. */
function teamsIn(filter: string): ReadonlySet<string> | undefined {
  if (filter.trim() === "") return undefined;
  const [, several, one] = /^team\.id:(?:\(([^()]+)\)|([\w-]+))$/.exec(filter.trim()) ?? [];
  const ids = several?.split(" OR ") ?? (one === undefined ? undefined : [one]);
  if (ids === undefined) throw new ApiError(400, `the emulator does not know this filter: ${filter}`);
  return new Set(ids.map((id) => id.trim()));
}

/**
 * `GET /api/v2/on-call/schedules/{schedule_id}/on-call`: the one user who is on call by a schedule.
 * @param time ms since the epoch
 */
export function getScheduleOnCall(
  world: World,
  scheduleId: string,
  include: Include,
  time = world.now(),
): Answer {
  refuseWhereMissing(world);
  const schedule = world.schedules.get(scheduleId);
  if (schedule === undefined) throw new ApiError(404, "schedule not found");
  const { userIds, start, end } = shiftAt(schedule.onCall, time);
  const [user] = knownUsers(world, userIds);
  if (user === undefined) throw new ApiError(404, "nobody is on call");
  const times = { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
  const data = {
    id: `${user.id}-${times.start}-${times.end}`,
    type: "shifts",
    attributes: times,
    relationships: { user: { data: reference(user) } },
  };
  return jsonAnswer(200, include.has("user") ? { data, included: [userDocument(user)] } : { data });
}

/** On-call is not on the gov sites. */
function refuseWhereMissing({ settings }: World): void {
  if (!settings.hasOnCall) throw new ApiError(404, "Not found");
}

function knownUsers(world: World, userIds: readonly string[]): EmulatedUser[] {
  return userIds.map((id) => world.users.get(id)).filter((user) => user !== undefined);
}

function reference({ id }: EmulatedUser) {
  return { id, type: "users" };
}

const STATUSES = { Active: "active", Pending: "pending", Disabled: "deactivated" } as const;

function userDocument(user: EmulatedUser) {
  const { id, email, name } = user;
  return { id, type: "users", attributes: { email, name: name ?? "", status: STATUSES[statusOf(user)] } };
}
