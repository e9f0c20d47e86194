import { ApiError, findingsErrorAnswer, plainErrorAnswer } from "./apiErrors";
import { assignFindings } from "./assignEndpoint";
import type { Answer, EmulatedRequest } from "./exchange";
import { parseAssignBody, parseSearchBody } from "./requestBody";
import type { LoggedRequest } from "./requestLog";
import type { Route } from "./route";
import { searchFindings } from "./searchEndpoint";
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
    const plain = route.family === "users" || route.family === "other";
    if (plain) return plainErrorAnswer(error.status, error.detail);
    return findingsErrorAnswer(error, world.settings.errorShape);
  }
}

function atEndpoint(
  world: World,
  request: EmulatedRequest,
  route: Route,
  logged: LoggedRequest,
  callerId: string,
): Answer {
  const { parameters } = route;
  switch (route.endpoint) {
    case "assign": {
      const answer = assignFindings(world, parseAssignBody(request.body), callerId, logged);
      logged.applied = true;
      return answer;
    }
    case "search": {
      const { filter = "", page, sort } = parseSearchBody(request.body).attributes ?? {};
      logged.query = filter;
      return searchFindings(world, { query: filter, limit: page?.limit, cursor: page?.cursor, sort });
    }
    case "list":
      logged.query = parameters.get("filter[query]") ?? "";
      return searchFindings(world, {
        query: logged.query,
        limit: numberIn(parameters, "page[limit]"),
        cursor: parameters.get("page[cursor]") ?? undefined,
        sort: parameters.get("sort") ?? undefined,
      });
    case "users":
      logged.query = parameters.get("filter") ?? "";
      return listUsers(world, {
        filter: logged.query,
        pageSize: numberIn(parameters, "page[size]"),
        pageNumber: numberIn(parameters, "page[number]"),
      });
    case "user":
      return getUser(world, route.userId);
    case "none":
      throw new ApiError(404, "Not found");
  }
}

/** NaN, and so a 400, where it is no number. */
function numberIn(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  return text === null ? undefined : Number(text);
}
