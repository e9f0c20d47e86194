import type { z } from "zod";
import { ApiError } from "./errors/apiError";
import { requestJson } from "./http/requestJson";
import type { DatadogUser, FindingsApi } from "./model/findingsApi";
import type { Send } from "./model/transport";
import { type user, userAnswer, usersAnswer } from "./schemas";

const PAGE_SIZE = 100;
/** A filter that matches more users than this is too short to be somebody's name. */
const MOST_PAGES = 20;

/** `GET /api/v2/users`: all pages. */
export function createListUsers(send: Send): FindingsApi["listUsers"] {
  return async (filter, signal) => {
    const users = new Map<string, DatadogUser>();
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = `filter=${encodeURIComponent(filter)}&page[size]=${PAGE_SIZE}&page[number]=${page}`;
      const path = `/api/v2/users?${query}`;
      const request = { method: "GET", path, family: "users", ...(signal && { signal }) } as const;
      const { body } = await requestJson(send, request, usersAnswer);
      for (const item of body.data) users.set(item.id, userOf(item));
      if (body.data.length < PAGE_SIZE) break;
    }
    return [...users.values()];
  };
}

/** `GET /api/v2/users/{id}`. */
export function createGetUser(send: Send): FindingsApi["getUser"] {
  return async (id, signal) => {
    const path = `/api/v2/users/${encodeURIComponent(id)}`;
    const request = { method: "GET", path, family: "users", ...(signal && { signal }) } as const;
    try {
      return userOf((await requestJson(send, request, userAnswer)).body.data);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  };
}

/** `GET /api/v2/users`: one user, whoever comes first. */
export function createAnyUser(send: Send): FindingsApi["anyUser"] {
  return async (signal) => {
    const path = "/api/v2/users?page[size]=1&page[number]=0";
    const request = { method: "GET", path, family: "users", ...(signal && { signal }) } as const;
    const { body } = await requestJson(send, request, usersAnswer);
    const [first] = body.data;
    return first && userOf(first);
  };
}

function userOf({ id, attributes, relationships }: z.infer<typeof user>): DatadogUser {
  const { name, email, handle, disabled, status, service_account } = attributes;
  return {
    id,
    name: name ?? null,
    email: email ?? null,
    handle: handle ?? null,
    disabled: disabled ?? status?.toLowerCase() === "disabled",
    serviceAccount: service_account ?? false,
    organisationId: relationships?.org.data.id ?? null,
  };
}
