import type { EmulatedRequest, Family } from "./exchange";
import type { Permission } from "./keyring";

export type Endpoint =
  | "assign"
  | "search"
  | "list"
  | "users"
  | "user"
  | "teams"
  | "team"
  | "memberships"
  | "team-on-call"
  | "schedules"
  | "schedule-on-call"
  | "none";

export interface Route {
  readonly endpoint: Endpoint;
  readonly family: Family;
  readonly permission: Permission;
  readonly parameters: URLSearchParams;
  /** The id in the path, of a user, team or schedule; empty where there is none. */
  readonly id: string;
}

/** `:id` stands for one part of a path. */
const ENDPOINTS: readonly (readonly [request: string, Endpoint, Family, Permission])[] = [
  ["PATCH /api/v2/security/findings/assignee", "assign", "assignee", "write"],
  ["POST /api/v2/security/findings/search", "search", "search", "read"],
  ["GET /api/v2/security/findings", "list", "search", "read"],
  ["GET /api/v2/users", "users", "users", "users"],
  ["GET /api/v2/users/:id", "user", "users", "users"],
  ["GET /api/v2/team", "teams", "teams", "teams"],
  ["GET /api/v2/team/:id", "team", "teams", "teams"],
  ["GET /api/v2/team/:id/memberships", "memberships", "teams", "teams"],
  ["GET /api/v2/on-call/teams/:id/on-call", "team-on-call", "onCall", "onCall"],
  ["GET /api/v2/on-call/schedules", "schedules", "onCall", "onCall"],
  ["GET /api/v2/on-call/schedules/:id/on-call", "schedule-on-call", "onCall", "onCall"],
];

const PATTERNS = ENDPOINTS.map(
  ([request, ...route]) => [new RegExp(`^${request.replace(":id", "([^/]+)")}$`), route] as const,
);

export function routeOf({ method, path }: EmulatedRequest): Route {
  const url = new URL(path, "http://emulator.invalid");
  const parameters = url.searchParams;
  for (const [pattern, [endpoint, family, permission]] of PATTERNS) {
    const match = pattern.exec(`${method} ${url.pathname}`);
    if (match === null) continue;
    return { endpoint, family, permission, parameters, id: decodeURIComponent(match[1] ?? "") };
  }
  return { endpoint: "none", family: "other", permission: "read", parameters, id: "" };
}
