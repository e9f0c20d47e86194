import type { Clock } from "../../core/clock";
import { onAbort } from "../../core/onAbort";
import { ConnectionError } from "../errors/connectionError";
import type { Send } from "../model/transport";

/** How long a change that is under way may take after the deployment was cancelled, ms. */
const CANCELLED_CHANGE_MS = 10_000;

/**
 * Gives up on an answer after `ms`. Being cancelled meanwhile ends what only reads at once. A change that has
 * been sent is waited for another 10 s, since its answer tells what was done.
 * @throws ConnectionError with the code ETIMEDOUT, or CANCELLED for a change that was not answered in time
 * after a cancel
 */
export function withTimeout(send: Send, clock: Clock, ms: number): Send {
  return async (request) => {
    const giveUp = new AbortController();
    const done = new AbortController();
    const { method, signal } = request;
    const cancel = () => giveUp.abort(signal?.reason);
    const cancelSoon = () => {
      const unanswered = () => giveUp.abort(new ConnectionError("CANCELLED", request, "Datadog"));
      clock.sleep(CANCELLED_CHANGE_MS, done.signal).then(unanswered, () => {});
    };
    signal?.throwIfAborted();
    const stopListening = onAbort(signal, method === "PATCH" ? cancelSoon : cancel);
    const timeOut = () => giveUp.abort(new ConnectionError("ETIMEDOUT", request, "Datadog"));
    clock.sleep(ms, done.signal).then(timeOut, () => {});
    try {
      return await send({ ...request, signal: giveUp.signal });
    } finally {
      // A reason of our own costs less than the usual one, with its stack.
      done.abort("answered");
      stopListening();
    }
  };
}
