const CANCEL = "/pulumirpc.ResourceProvider/Cancel";

/** The part of a server that tells of requests: node's HTTP/2 servers emit `stream` for each. */
interface StreamServer {
  on(event: "stream", listener: (stream: unknown, headers: Readonly<Record<string, unknown>>) => void): void;
}

/**
 * Calls back when the engine cancels the deployment (Ctrl-C). The SDK's dynamic provider answers the engine's Cancel itself and
 * tells nobody, so we listen on the process's own gRPC server. Where that cannot be found, a cancelled
 * deployment merely goes on to its end.
 */
export function onCancel(callback: () => void, handles: readonly unknown[] = activeHandles()): void {
  for (const server of handles.filter(isStreamServer)) {
    server.on("stream", (_stream, headers) => {
      if (headers[":path"] === CANCEL) callback();
    });
  }
}

function isStreamServer(handle: unknown): handle is StreamServer {
  return (
    typeof handle === "object" &&
    handle !== null &&
    handle.constructor.name === "Http2Server" &&
    "on" in handle
  );
}

/** Node's list of what keeps the process alive has no public name. */
function activeHandles(): readonly unknown[] {
  const list: unknown = Reflect.get(process, "_getActiveHandles");
  const handles: unknown = typeof list === "function" ? list.call(process) : [];
  return Array.isArray(handles) ? handles : [];
}
