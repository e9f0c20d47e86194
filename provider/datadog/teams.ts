import { ApiError } from "./errors/apiError";
import { requestJson } from "./http/requestJson";
import { includedUser } from "./includedUser";
import type { DatadogTeam, DatadogUser, FindingsApi } from "./model/findingsApi";
import type { HttpRequest, Send } from "./model/transport";
import { membershipsAnswer, teamsAnswer } from "./schemas";

const PAGE_SIZE = 100;
/** A keyword that matches more teams than this is too short to be a handle; no team has more members. */
const MOST_PAGES = 50;

/** `GET /api/v2/team`: all pages. Source: https://docs.datadoghq.com/api/latest/teams/#get-all-teams */
export function createListTeams(send: Send): FindingsApi["listTeams"] {
  return async (keyword, signal) => {
    const teams = new Map<string, DatadogTeam>();
    const filter = `filter[keyword]=${encodeURIComponent(keyword)}`;
    for (let page = 0; page < MOST_PAGES; page++) {
      const { body } = await requestJson(send, pageOf(`/api/v2/team?${filter}&`, page, signal), teamsAnswer);
      for (const { id, attributes } of body.data) {
        teams.set(id, { id, handle: attributes.handle, name: attributes.name ?? null });
      }
      if (isLast(body, teams.size)) break;
    }
    return [...teams.values()];
  };
}

/**
 * `GET /api/v2/team/{id}/memberships`: all pages.
 * Source: https://docs.datadoghq.com/api/latest/teams/#get-team-memberships
 */
export function createListTeamMembers(send: Send): FindingsApi["listTeamMembers"] {
  return async (teamId, signal) => {
    const members = new Map<string, DatadogUser>();
    const path = `/api/v2/team/${encodeURIComponent(teamId)}/memberships?`;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await requestJson(send, pageOf(path, page, signal), membershipsAnswer).catch(
        (error: unknown) => {
          if (error instanceof ApiError && error.status === 404) return undefined;
          throw error;
        },
      );
      if (!answer) return undefined;
      const { body } = answer;
      for (const { relationships } of body.data) {
        const { id } = relationships.user.data;
        members.set(id, includedUser(id, body.included));
      }
      if (isLast(body, members.size)) break;
    }
    return [...members.values()];
  };
}

/** @param path up to the parameters of the page */
function pageOf(path: string, page: number, signal: AbortSignal | undefined): HttpRequest {
  return {
    method: "GET",
    path: `${path}page[size]=${PAGE_SIZE}&page[number]=${page}`,
    family: "teams",
    ...(signal && { signal }),
  };
}

interface Page {
  readonly data: readonly unknown[];
  readonly meta?: { readonly pagination: { readonly total: number } } | undefined;
}

/** Datadog says how many there are in all; where it does not, a page that is not full is the last one. */
function isLast({ data, meta }: Page, found: number): boolean {
  if (data.length === 0) return true;
  return meta ? found >= meta.pagination.total : data.length < PAGE_SIZE;
}
