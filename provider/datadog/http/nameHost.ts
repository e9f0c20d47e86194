import { ApiError } from "../errors/apiError";
import type { Send } from "../model/transport";
import type { DatadogSettings } from "./settings";

/**
 * Says of a 404 which host gave it and which setting names that host: every site of Datadog's has these
 * endpoints. One that is about a single user, team or finding is caught further out, where it means that.
 */
export function withHostNamed(
  send: Send,
  { baseUrl, hostSetting }: Pick<DatadogSettings, "baseUrl" | "hostSetting">,
): Send {
  return async (request) => {
    try {
      return await send(request);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404) || request.family === "assignee") throw error;
      const advice = `${baseUrl} may not be Datadog's API: check ${hostSetting}`;
      throw new ApiError(error.status, error.problems, request, advice);
    }
  };
}
