import { ApiError, findingsErrorAnswer, plainErrorAnswer } from "./apiErrors";
import { assignFindings } from "./assignEndpoint";
import type { Answer, EmulatedRequest } from "./exchange";
import { parseAssignBody, parseSearchBody } from "./requestBody";
import type { LoggedRequest } from "./requestLog";
import type { Route } from "./route";
import { searchFindings } from "./searchEndpoint";
import { getScheduleOnCall, getTeamOnCall, listSchedules } from "./teams/onCallEndpoint";
import { getTeam, listMemberships, listTeams } from "./teams/teamsEndpoint";
import { getUser, listUsers } from "./usersEndpoint";
import type { World } from "./world";

/** Lets a request take effect at its endpoint; what the endpoint refuses is an answer, too. */
export function applyRequest(
  world: World,
  request: EmulatedRequest,
  route: Route,
  logged: LoggedRequest,
  callerId: string,
): Answer {
  try {
    return atEndpoint(world, request, route, logged, callerId);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const ofFindings = route.family === "assignee" || route.family === "search";
    if (ofFindings) return findingsErrorAnswer(error, world.settings.errorShape);
    return plainErrorAnswer(error.status, error.detail);
  }
}

function atEndpoint(
  world: World,
  request: EmulatedRequest,
  { endpoint, parameters, id }: Route,
  logged: LoggedRequest,
  callerId: string,
): Answer {
  const query = (text: string) => {
    logged.query = text;
    return text;
  };
  switch (endpoint) {
    case "assign": {
      const answer = assignFindings(world, parseAssignBody(request.body), callerId, logged);
      logged.applied = true;
      return answer;
    }
    case "search": {
      const { filter = "", page, sort } = parseSearchBody(request.body).attributes ?? {};
      return searchFindings(world, { query: query(filter), limit: page?.limit, cursor: page?.cursor, sort });
    }
    case "list":
      return searchFindings(world, {
        query: query(parameters.get("filter[query]") ?? ""),
        limit: numberIn(parameters, "page[limit]"),
        cursor: parameters.get("page[cursor]") ?? undefined,
        sort: parameters.get("sort") ?? undefined,
      });
    case "users":
      return listUsers(world, {
        filter: query(parameters.get("filter") ?? ""),
        pageSize: numberIn(parameters, "page[size]"),
        pageNumber: numberIn(parameters, "page[number]"),
      });
    case "user":
      return getUser(world, id);
    case "teams":
      return listTeams(world, teamListParameters(request, parameters, query));
    case "team":
      return getTeam(world, id);
    case "memberships":
      return listMemberships(world, id, teamListParameters(request, parameters, query));
    case "team-on-call":
      return getTeamOnCall(world, id, includeIn(parameters));
    case "schedules":
      return listSchedules(world, {
        filter: query(parameters.get("filter[query]") ?? ""),
        size: numberIn(parameters, "page[size]"),
        number: numberIn(parameters, "page[number]"),
        path: request.path,
      });
    case "schedule-on-call":
      return getScheduleOnCall(world, id, includeIn(parameters), timeIn(parameters, "filter[at_ts]"));
    case "none":
      throw new ApiError(404, "Not found");
  }
}

function teamListParameters(
  { path }: EmulatedRequest,
  parameters: URLSearchParams,
  query: (text: string) => string,
) {
  const sort = parameters.get("sort");
  if (sort !== null) throw new ApiError(400, `the emulator does not sort teams and members: ${sort}`);
  return {
    keyword: query(parameters.get("filter[keyword]") ?? ""),
    size: numberIn(parameters, "page[size]"),
    number: numberIn(parameters, "page[number]"),
    path,
  };
}

/** NaN, and so a 400, where it is no number. */
function numberIn(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  return text === null ? undefined : Number(text);
}

function includeIn(parameters: URLSearchParams): ReadonlySet<string> {
  return new Set((parameters.get("include") ?? "").split(","));
}

/** ms since the epoch, from a time of RFC 3339. */
function timeIn(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new ApiError(400, `${name} is no time of RFC 3339`);
  return time;
}
