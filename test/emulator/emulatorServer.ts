import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import type { EmulatedSite } from "./emulatedSite";
import { Emulator } from "./emulator";
import type { EmulatorOptions } from "./emulatorOptions";
import type { Answer, EmulatedResponse, HeaderMap, RequestHandler } from "./exchange";

export interface ListenOptions {
  /** Default 0: any free one. */
  readonly port?: number;
  /** PEM texts; with them it speaks https. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface EmulatorServerOptions extends EmulatorOptions, ListenOptions {
  /** An emulator made before; the other options are then ignored. */
  readonly emulator?: Emulator;
}

export interface ListeningServer {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string;
  readonly port: number;
  /** Breaks whatever connection is open, hanging ones too. */
  close(): Promise<void>;
}

export interface EmulatorServer extends ListeningServer {
  readonly emulator: Emulator;
}

/** Starts the emulator on a port of this machine's loopback. */
export async function startEmulator(options: EmulatorServerOptions = {}): Promise<EmulatorServer> {
  const emulator = options.emulator ?? new Emulator(options);
  return { emulator, ...(await listen(emulator, options)) };
}

/** Starts several organisations on one port; requests go to the one whose keys they carry. */
export function startSite(site: EmulatedSite, options: ListenOptions = {}): Promise<ListeningServer> {
  return listen(site, options);
}

async function listen(handler: RequestHandler, options: ListenOptions): Promise<ListeningServer> {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    serve(handler, request, response).catch((error: unknown) => response.destroy(asError(error)));
  };
  const server = options.tls ? createSecureServer(options.tls, listener) : createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const port = portOf(server.address());
  return {
    url: `${options.tls ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  handler: RequestHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await handler.handle({
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: plainHeaders(request),
    body: await text(request),
  });
  write(answer, response);
}

function write(answer: EmulatedResponse, response: ServerResponse): void {
  if (answer.kind === "hang") return;
  if (answer.kind === "reset") return resetConnection(response);
  if (answer.kind === "cut") return cutInHalf(answer.answer, response);
  response.writeHead(answer.status, { ...answer.headers, "content-length": Buffer.byteLength(answer.body) });
  response.end(answer.body);
}

function resetConnection(response: ServerResponse): void {
  const { socket } = response;
  if (socket instanceof Socket && !("encrypted" in socket)) socket.resetAndDestroy();
  else socket?.destroy();
}

function cutInHalf(answer: Answer, response: ServerResponse): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}

function plainHeaders(request: IncomingMessage): HeaderMap {
  const entries = Object.entries(request.headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the emulator listens on no port");
  return address.port;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
