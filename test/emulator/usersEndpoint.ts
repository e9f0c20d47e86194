import { createHash } from "node:crypto";
import { ApiError } from "./apiErrors";
import { type Answer, jsonAnswer } from "./exchange";
import type { EmulatedUser } from "./findingModel";
import type { World } from "./world";

const MAX_PAGE_SIZE = 100;

export interface UserListParameters {
  readonly filter: string;
  /** Default 10, at most 100. */
  readonly pageSize: number | undefined;
  /** From 0, the default. */
  readonly pageNumber: number | undefined;
}

/** `GET /api/v2/users`. */
export function listUsers(world: World, parameters: UserListParameters): Answer {
  const size = parameters.pageSize ?? 10;
  const number = parameters.pageNumber ?? 0;
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) {
    throw new ApiError(400, `page[size] must be between 1 and ${MAX_PAGE_SIZE}`);
  }
  if (!Number.isInteger(number) || number < 0) throw new ApiError(400, "page[number] must be 0 or more");
  const all = [...world.users.values()];
  const matching = all.filter((user) => speaksOf(user, parameters.filter));
  const page = matching.slice(number * size, (number + 1) * size);
  const counts = { total_filtered_count: matching.length, total_count: all.length };
  return jsonAnswer(
    200,
    { meta: { page: counts }, data: page.map((user) => userDocument(world, user)) },
    { contentType: "plain" },
  );
}

/** `GET /api/v2/users/{user_id}`. */
export function getUser(world: World, userId: string): Answer {
  const user = world.users.get(userId);
  if (user === undefined) throw new ApiError(404, "User not found");
  return jsonAnswer(200, { data: userDocument(world, user) }, { contentType: "plain" });
}

function speaksOf({ name, email, handle }: EmulatedUser, filter: string): boolean {
  const wanted = filter.toLowerCase();
  return [name ?? "", email, handle].some((text) => text.toLowerCase().includes(wanted));
}

function userDocument(world: World, user: EmulatedUser) {
  const { id, name, email, handle, disabled, serviceAccount = false } = user;
  const status = statusOf(user);
  return {
    type: "users",
    id,
    attributes: {
      name,
      handle,
      created_at: "2024-05-12T09:53:43.305109+00:00",
      modified_at: "2024-05-12T09:53:43.351606+00:00",
      email,
      icon: iconOf(email),
      title: "Engineer",
      verified: status !== "Pending",
      service_account: serviceAccount,
      disabled,
      allowed_login_methods: [],
      status,
    },
    relationships: {
      roles: { data: [] },
      org: { data: { type: "orgs", id: world.organisationId } },
    },
  };
}

export function statusOf({ status, disabled }: EmulatedUser): "Active" | "Pending" | "Disabled" {
  return status ?? (disabled ? "Disabled" : "Active");
}

export function iconOf(email: string): string {
  const picture = createHash("md5").update(email).digest("hex");
  return `https://secure.gravatar.com/avatar/${picture}?s=48&d=retro`;
}
