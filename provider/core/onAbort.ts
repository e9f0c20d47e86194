const callbacks = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal is aborted, once. However many wait for a signal, it has one listener: node takes
 * more than ten for a leak, and warns of it on the user's screen.
 * @returns takes the callback back
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal || signal.aborted) return () => {};
  const waiting = callbacks.get(signal) ?? listenTo(signal);
  waiting.add(callback);
  return () => waiting.delete(callback);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const waiting = new Set<() => void>();
  callbacks.set(signal, waiting);
  signal.addEventListener(
    "abort",
    () => {
      for (const callback of waiting) callback();
      waiting.clear();
    },
    { once: true },
  );
  return waiting;
}
