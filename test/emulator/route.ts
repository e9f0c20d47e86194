import type { EmulatedRequest, Family } from "./exchange";
import type { Permission } from "./keyring";

export type Endpoint = "assign" | "search" | "list" | "users" | "user" | "none";

export interface Route {
  readonly endpoint: Endpoint;
  readonly family: Family;
  readonly permission: Permission;
  readonly parameters: URLSearchParams;
  /** Of `GET /api/v2/users/{user_id}`. */
  readonly userId: string;
}

const ENDPOINTS: ReadonlyMap<string, readonly [Endpoint, Family, Permission]> = new Map([
  ["PATCH /api/v2/security/findings/assignee", ["assign", "assignee", "write"]],
  ["POST /api/v2/security/findings/search", ["search", "search", "read"]],
  ["GET /api/v2/security/findings", ["list", "search", "read"]],
  ["GET /api/v2/users", ["users", "users", "users"]],
  ["GET /api/v2/users/", ["user", "users", "users"]],
]);

const USER_PATH = /^(\/api\/v2\/users\/)([^/]+)$/;

export function routeOf({ method, path }: EmulatedRequest): Route {
  const url = new URL(path, "http://emulator.invalid");
  const [, prefix = url.pathname, user = ""] = USER_PATH.exec(url.pathname) ?? [];
  const [endpoint, family, permission] = ENDPOINTS.get(`${method} ${prefix}`) ?? ["none", "other", "read"];
  return { endpoint, family, permission, parameters: url.searchParams, userId: decodeURIComponent(user) };
}
