import { Socket } from "node:net";
import type { Writable } from "node:stream";

const CANCEL = "/pulumirpc.ResourceProvider/Cancel";

/** The part of a server that tells of requests: node's HTTP/2 servers emit `stream` for each. */
interface StreamServer {
  on(event: "stream", listener: (stream: unknown, headers: Readonly<Record<string, unknown>>) => void): void;
  on(event: "connection", listener: (socket: Socket) => void): void;
  address(): { readonly port?: number } | null;
}

/**
 * Calls back when the engine cancels the deployment (Ctrl-C). The SDK's dynamic provider answers the engine's
 * Cancel itself and tells nobody, so we listen on the process's own gRPC server. Where that cannot be found,
 * a cancelled deployment merely goes on to its end.
 */
export function onCancel(callback: () => void, handles: readonly unknown[] = activeHandles()): void {
  for (const server of handles.filter(isStreamServer)) {
    server.on("stream", (_stream, headers) => {
      if (headers[":path"] === CANCEL) callback();
    });
  }
}

/**
 * Calls back when a connection of the engine ends: it was killed, and nobody waits for an answer any more. An
 * engine that has nothing to ask may hang up, too, and come back.
 */
export function onDisconnect(callback: () => void, handles: readonly unknown[] = activeHandles()): void {
  for (const server of handles.filter(isStreamServer)) {
    const { port } = server.address() ?? {};
    for (const socket of handles.filter(isSocket)) {
      if (socket.localPort === port) socket.once("close", callback);
    }
    server.on("connection", (socket) => socket.once("close", callback));
  }
}

/**
 * Calls back when nobody reads what the process prints: its engine was killed. Without a listener such an
 * error goes to the SDK's handler for uncaught ones, which prints it, which fails again, and so on: a whole
 * core and gigabytes, for ever.
 */
export function onUnheard(
  callback: () => void,
  streams: readonly Pick<Writable, "on">[] = [process.stdout, process.stderr],
): void {
  for (const stream of streams) stream.on("error", callback);
}

function isStreamServer(handle: unknown): handle is StreamServer {
  return (
    typeof handle === "object" &&
    handle !== null &&
    handle.constructor.name === "Http2Server" &&
    "on" in handle
  );
}

function isSocket(handle: unknown): handle is Socket {
  return handle instanceof Socket;
}

/** Node's list of what keeps the process alive has no public name. */
function activeHandles(): readonly unknown[] {
  const list: unknown = Reflect.get(process, "_getActiveHandles");
  const handles: unknown = typeof list === "function" ? list.call(process) : [];
  return Array.isArray(handles) ? handles : [];
}
