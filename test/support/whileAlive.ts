import type { Send } from "../../provider/datadog/model/transport";

/**
 * A killed process sends nothing more, and no answer reaches it; what it had sent takes effect all the same.
 */
export function whileAlive(send: Send, alive: () => boolean): Send {
  const nothing = () => new Promise<never>(() => undefined);
  return async (request) => {
    if (!alive()) return nothing();
    try {
      const response = await send(request);
      return alive() ? response : nothing();
    } catch (error) {
      return alive() ? Promise.reject(error) : nothing();
    }
  };
}
