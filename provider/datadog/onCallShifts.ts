import { ApiError } from "./errors/apiError";
import { requestJson } from "./http/requestJson";
import type { FindingsApi, OnCallShift } from "./model/findingsApi";
import type { HttpRequest, Send } from "./model/transport";
import { refuseWithoutOnCall } from "./onCall";
import { schedulesAnswer, shiftAnswer } from "./schemas";

const PAGE_SIZE = 100;
/** A page more is not read where Datadog never ends the list. */
const MOST_PAGES = 50;
/** So many teams stand in one filter. */
const TEAMS_AT_ONCE = 50;

interface Schedule {
  readonly id: string;
  readonly teamIds: readonly string[];
}

/**
 * `GET /api/v2/on-call/schedules` of the teams, and `GET /api/v2/on-call/schedules/{id}/on-call` of each
 * schedule, whose shift says until when.
 * Source: https://docs.datadoghq.com/api/latest/on-call/#get-scheduled-on-call-user
 * @param host of the API
 */
export function createListShifts(send: Send, host: string | undefined): FindingsApi["listShifts"] {
  return async (teamIds, signal) => {
    if (teamIds.length === 0) return [];
    refuseWithoutOnCall(host);
    const schedules = new Map<string, Schedule>();
    for (let at = 0; at < teamIds.length; at += TEAMS_AT_ONCE) {
      const some = teamIds.slice(at, at + TEAMS_AT_ONCE);
      for (const schedule of await schedulesOf(send, some, signal)) schedules.set(schedule.id, schedule);
    }
    const shifts = await Promise.all([...schedules.values()].map((each) => shiftOf(send, each, signal)));
    return shifts.filter((shift) => shift !== undefined);
  };
}

async function schedulesOf(
  send: Send,
  teamIds: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Schedule[]> {
  const filter = encodeURIComponent(`team.id:(${teamIds.join(" OR ")})`);
  const found: Schedule[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const path = `/api/v2/on-call/schedules?filter[query]=${filter}&page[size]=${PAGE_SIZE}&page[number]=${page}`;
    const { data } = (await requestJson(send, request(path, signal), schedulesAnswer)).body;
    for (const { id, relationships } of data) {
      const teams = relationships?.teams.data.map((team) => team.id) ?? [];
      // Whatever the filter finds beside these teams is of no use here.
      if (teams.some((team) => teamIds.includes(team))) found.push({ id, teamIds: teams });
    }
    if (data.length < PAGE_SIZE) break;
  }
  return found;
}

/** undefined where the schedule has nobody now. */
async function shiftOf(
  send: Send,
  { id, teamIds }: Schedule,
  signal: AbortSignal | undefined,
): Promise<OnCallShift | undefined> {
  const path = `/api/v2/on-call/schedules/${encodeURIComponent(id)}/on-call`;
  try {
    const { attributes, relationships } = (await requestJson(send, request(path, signal), shiftAnswer)).body
      .data;
    const endsAt = Date.parse(attributes.end ?? "");
    const userId = relationships.user.data.id;
    return { userId, teamIds, endsAt: Number.isNaN(endsAt) ? undefined : endsAt };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

function request(path: string, signal: AbortSignal | undefined): HttpRequest {
  return { method: "GET", path, family: "onCall", ...(signal && { signal }) };
}
