import { z } from "zod";
import { UnfinishedSearchError } from "../errors/unfinishedSearchError";
import { plainText } from "../model/plainText";
import type { Send } from "../model/transport";
import { jsonBody } from "./jsonBody";

/**
 * Recorded: "done"; the official client knows "timeout", too. Where it is absent or no text, it says nothing.
 */
const searchStatus = z
  .object({ meta: z.object({ status: z.string() }) })
  .transform(({ meta }) => plainText(meta.status));

/**
 * Takes an answer to a search that was not finished for no answer: part of the findings, taken for all of
 * them, would make the others look gone. Inside the retries, since the next try may bring them all.
 * @throws UnfinishedSearchError
 */
export function wholeSearches(send: Send): Send {
  return async (request) => {
    const response = await send(request);
    if (request.family !== "search" || response.status >= 400) return response;
    // Where the answer does not say, or is no JSON, that is for others to judge.
    const status = searchStatus.safeParse(jsonBody(response)).data;
    if (status !== undefined && status !== "done") throw new UnfinishedSearchError(status, request);
    return response;
  };
}
