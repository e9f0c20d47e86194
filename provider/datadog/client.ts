import type { Clock } from "../core/clock";
import { createAssign } from "./assign";
import { withHostNamed } from "./http/nameHost";
import { type Retry, withRetry } from "./http/retry";
import { ANSWER_TIMEOUT_MS, type DatadogSettings } from "./http/settings";
import { withTimeout } from "./http/timeout";
import { undiciSend } from "./http/undiciSend";
import { wholeSearches } from "./http/wholeSearches";
import type { FindingsApi } from "./model/findingsApi";
import type { Send } from "./model/transport";
import { createListOnCall } from "./onCall";
import { createListShifts } from "./onCallShifts";
import { withRateLimit } from "./rateLimit/rateLimitGate";
import type { Waiting } from "./rateLimit/rateLimitGateOptions";
import { createSearch } from "./search";
import { createListTeamMembers, createListTeams } from "./teams";
import { createAnyUser, createGetUser, createListUsers } from "./users";

export interface DatadogClientOptions {
  readonly settings: DatadogSettings;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Called when the rate limit holds requests back. */
  readonly onWait?: (waiting: Waiting) => void;
  /** Called when a request is to be sent again. */
  readonly onRetry?: (retry: Retry) => void;
  /** The request itself; default: undici. */
  readonly send?: Send;
}

/** The client of a process: make one, since the rate limit and the connections are shared through it. */
export function createDatadogClient(options: DatadogClientOptions): FindingsApi {
  const { settings, clock, random, onWait, onRetry } = options;
  const once = withTimeout(options.send ?? undiciSend({ settings }), clock, ANSWER_TIMEOUT_MS);
  // The gate is inside the retries: each attempt counts against the limit, and its answer tells what is left.
  const gated = withRateLimit(once, { clock, random, retry: settings.retry, ...(onWait && { onWait }) });
  const retried = withRetry(wholeSearches(gated), {
    settings: settings.retry,
    clock,
    random,
    ...(onRetry && { onRetry }),
  });
  const send = withHostNamed(retried, settings);
  return createFindingsApi(send, clock, { host: new URL(settings.baseUrl).host });
}

/**
 * The endpoints on top of any `Send`.
 * @param host of the API, since not every site has all endpoints
 */
export function createFindingsApi(send: Send, clock: Clock, { host }: { host?: string } = {}): FindingsApi {
  return {
    assign: createAssign(send, clock),
    search: createSearch(send, clock),
    listUsers: createListUsers(send),
    getUser: createGetUser(send),
    anyUser: createAnyUser(send),
    listTeams: createListTeams(send),
    listTeamMembers: createListTeamMembers(send),
    listOnCall: createListOnCall(send, host),
    listShifts: createListShifts(send, host),
  };
}
