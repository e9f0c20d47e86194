import { ApiError } from "./errors/apiError";
import { OnCallUnavailableError } from "./errors/onCallUnavailableError";
import { requestJson } from "./http/requestJson";
import { includedUser } from "./includedUser";
import type { FindingsApi } from "./model/findingsApi";
import type { Send } from "./model/transport";
import { onCallAnswer } from "./schemas";

/**
 * The sites of the US government have no On-Call. Source:
 * https://docs.datadoghq.com/service_management/on-call/
 */
const WITHOUT_ON_CALL = /(^|\.)ddog-gov\.com(:\d+)?$/i;

/**
 * @param host of the API
 * @throws OnCallUnavailableError
 */
export function refuseWithoutOnCall(host: string | undefined): void {
  if (host !== undefined && WITHOUT_ON_CALL.test(host)) throw new OnCallUnavailableError(host);
}

/**
 * `GET /api/v2/on-call/teams/{id}/on-call`: the responders of now, without those of later escalations.
 * Source: https://docs.datadoghq.com/api/latest/on-call/#get-team-on-call-users
 * @param host of the API
 */
export function createListOnCall(send: Send, host: string | undefined): FindingsApi["listOnCall"] {
  return async (teamId, signal) => {
    refuseWithoutOnCall(host);
    const path = `/api/v2/on-call/teams/${encodeURIComponent(teamId)}/on-call?include=responders`;
    const request = { method: "GET", path, family: "onCall", ...(signal && { signal }) } as const;
    try {
      const { data, included } = (await requestJson(send, request, onCallAnswer)).body;
      const ids = new Set(data.relationships.responders.data.map(({ id }) => id));
      return [...ids].map((id) => includedUser(id, included));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  };
}
