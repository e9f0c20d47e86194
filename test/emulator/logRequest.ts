import type { EmulatedRequest } from "./exchange";
import { assignmentOf } from "./requestBody";
import { type LoggedRequest, type RequestLog, withoutKeys } from "./requestLog";
import type { Route } from "./route";

/** Notes a request on its arrival, whatever becomes of it. */
export function logRequest(
  log: RequestLog,
  request: EmulatedRequest,
  route: Route,
  at: number,
): LoggedRequest {
  const { method, path, headers } = request;
  const logged = log.push({ at, method, path, family: route.family, headers: withoutKeys(headers) });
  const assignment = route.endpoint === "assign" ? assignmentOf(request.body) : undefined;
  if (assignment === undefined) return logged;
  logged.findingIds = assignment.relationships.findings.data.map(({ id }) => id);
  logged.assigneeId = assignment.attributes.assignee_id ?? null;
  if (assignment.id !== undefined) logged.requestId = assignment.id;
  return logged;
}
