import { plainErrorAnswer } from "./apiErrors";
import type { Emulator } from "./emulator";
import type { EmulatedRequest, EmulatedResponse, RequestHandler } from "./exchange";

/**
 * Several organisations at one address, as on every site of Datadog: the keys of a request say whose it is.
 * Findings, users, rate limits and the request log of one organisation know nothing of the others.
 *
 *     const [ours, theirs] = [new Emulator({ findings }), new Emulator({ organisationId, users, keys })];
 *     const { url } = await startSite(new EmulatedSite([ours, theirs]));
 */
export class EmulatedSite implements RequestHandler {
  constructor(readonly organisations: readonly Emulator[]) {}

  /** Keys that no organisation knows are a 403, and in no organisation's log. */
  async handle(request: EmulatedRequest): Promise<EmulatedResponse> {
    const organisation = this.organisations.find(({ keys }) => keys.knows(request.headers));
    return organisation?.handle(request) ?? plainErrorAnswer(403, "Forbidden");
  }
}
