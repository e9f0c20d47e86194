import type { Clock } from "../../core/clock";
import { retryReason } from "../errors";
import { ConnectionError } from "../errors/connectionError";
import { RequestError } from "../errors/requestError";
import { UnexpectedAnswerError } from "../errors/unexpectedAnswerError";
import { backoffMs } from "../model/backoff";
import type { RetrySettings } from "../model/retrySettings";
import type { HttpRequest, HttpResponse, Send } from "../model/transport";
import { statedWaitMs } from "../rateLimit/rateLimit";
import { jsonBody } from "./jsonBody";
import { responseError } from "./responseError";

export interface RetryOptions {
  readonly settings: RetrySettings;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Called before a wait, for progress; a 429 waits at the gate, which tells by itself. */
  readonly onRetry?: (retry: Retry) => void;
}

export interface Retry {
  /** Of the failure, in a word: "503", "ECONNRESET". */
  readonly reason: string;
  readonly ms: number;
}

/**
 * Sends a request again after 408, 5xx, a broken, refused or timed-out connection and a cut or non-JSON
 * answer; never after another 4xx. With a 429 the rate limit's gate has done what is worth doing. All
 * requests here are idempotent, so one whose answer was lost can be sent again.
 * @returns an answer with a status below 400 and a JSON body
 * @throws RequestError that says how often it was tried
 */
export function withRetry(send: Send, options: RetryOptions): Send {
  const host = { hasAnswered: false };
  return async (request) => {
    const unclear: Failure[] = [];
    try {
      const response = await untilAnswered(send, request, options, unclear, host);
      return unclear.length > 0 ? { ...response, afterUnclearTry: true } : response;
    } catch (error) {
      // Being refused or cancelled later does not undo what an earlier try may have done.
      if (!(error instanceof RequestError)) throw unclear.at(-1) ?? error;
      error.ambiguous ||= unclear.length > 0;
      throw error;
    }
  };
}

/** @param unclear receives the failures after which Datadog may have done what was asked */
async function untilAnswered(
  send: Send,
  request: HttpRequest,
  { settings, clock, random, onRetry }: RetryOptions,
  unclear: Failure[],
  host: { hasAnswered: boolean },
): Promise<HttpResponse> {
  let retries = 0;
  let waitedMs = 0;
  for (;;) {
    const outcome = await attempt(send, request, clock);
    host.hasAnswered ||= !isConnectionError(outcome);
    if (!(outcome instanceof RequestError)) return outcome.response;
    outcome.attempts = retries + 1;
    if (outcome.ambiguous) unclear.push(outcome);
    if (!settings.enabled || !outcome.passing || isRefusal(outcome)) throw outcome;
    const isLost = !host.hasAnswered && isUnreachable(outcome);
    if (isLost && retries >= RETRIES_OF_UNREACHABLE) throw outcome;
    // Asked to wait for no time at all, we would use up the retries in one.
    const waitMs = outcome.waitMs || backoffMs(settings, retries, random);
    waitedMs += waitMs;
    if (++retries > settings.maxRetries || waitedMs > settings.timeoutMs) throw outcome;
    onRetry?.({ reason: retryReason(outcome), ms: waitMs });
    await clock.sleep(waitMs, request.signal);
  }
}

type Outcome = { readonly response: HttpResponse } | Failure;
type Failure = RequestError & { waitMs?: number };

/** @throws what is no failed request, such as missing keys or a cancelled deployment */
async function attempt(send: Send, request: HttpRequest, clock: Clock): Promise<Outcome> {
  try {
    const response = await send(request);
    if (response.status >= 400) return failed(responseError(response, request), response, clock);
    if (jsonBody(response) !== undefined) return { response };
    return new UnexpectedAnswerError(
      response.status,
      request,
      "it is not JSON, or is cut off",
      true,
      response.body,
    );
  } catch (error) {
    if (error instanceof RequestError) return error;
    if (isBrokenConnection(error)) return new ConnectionError(error.code, request, "Datadog");
    throw error;
  }
}

function failed(error: RequestError, response: HttpResponse, clock: Clock): Failure {
  const waitMs = statedWaitMs(response, clock.now());
  return waitMs === undefined ? error : Object.assign(error, { waitMs });
}

/**
 * A host that does not resolve or refuses, and never answered in this process, is rather a wrong setting than
 * one that is down.
 */
function isUnreachable(failure: Failure): boolean {
  return isConnectionError(failure) && ["ENOTFOUND", "ECONNREFUSED"].includes(failure.code);
}

/** Without narrowing what it is asked of. */
function isConnectionError(outcome: Outcome): outcome is ConnectionError & Failure {
  return outcome instanceof ConnectionError;
}

const RETRIES_OF_UNREACHABLE = 2;

function isRefusal(failure: Failure): boolean {
  return "status" in failure && failure.status === 429;
}

function isBrokenConnection(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    /^(E(?!RR_)[A-Z_]+|UND_ERR_\w+)$/.test(error.code)
  );
}
