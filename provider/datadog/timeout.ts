import type { Clock } from "../core/clock";
import { ConnectionError } from "./errors/connectionError";
import type { Send } from "./transport";

/**
 * Gives up on an answer after `ms`. Being cancelled meanwhile ends what only reads; a change that has been sent is waited for,
 * since its answer tells what was done.
 * @throws ConnectionError with the code ETIMEDOUT
 */
export function withTimeout(send: Send, clock: Clock, ms: number): Send {
  return async (request) => {
    const giveUp = new AbortController();
    const done = new AbortController();
    const cancel = () => giveUp.abort(request.signal?.reason);
    if (request.method !== "PATCH") {
      request.signal?.throwIfAborted();
      request.signal?.addEventListener("abort", cancel, { once: true });
    }
    const timeOut = () => giveUp.abort(new ConnectionError("ETIMEDOUT", request, "Datadog"));
    clock.sleep(ms, done.signal).then(timeOut, () => {});
    try {
      return await send({ ...request, signal: giveUp.signal });
    } finally {
      // A reason of our own costs less than the usual one, with its stack.
      done.abort("answered");
      request.signal?.removeEventListener("abort", cancel);
    }
  };
}
