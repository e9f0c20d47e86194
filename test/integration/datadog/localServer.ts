import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";

export interface LocalServer {
  readonly port: number;
  /** What arrived, in order. */
  readonly received: readonly IncomingMessage[];
  close(): Promise<void>;
}

export function fixture(name: string): string {
  return join(__dirname, "fixtures", name);
}

/**
 * A server on this machine's loopback; `tls`: with the certificate of `fixtures`, for localhost and
 * api.datadoghq.com.
 */
export async function startServer(answer: RequestListener, tls = false): Promise<LocalServer> {
  const received: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    received.push(request);
    answer(request, response);
  };
  const pem = (name: string) => readFileSync(fixture(name), "utf8");
  const server = tls
    ? createSecureServer({ key: pem("testServer.key.pem"), cert: pem("testServer.pem") }, listener)
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server.address()),
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface LocalProxy {
  readonly port: number;
  /** The targets of the tunnels that were asked for, such as `api.datadoghq.com:443`. */
  readonly tunnels: readonly string[];
  /** The headers that the proxy itself got to see. */
  readonly headers: readonly IncomingMessage["headers"][];
  close(): Promise<void>;
}

/** A CONNECT proxy that leads every tunnel to one local port. */
export async function startProxy(targetPort: number): Promise<LocalProxy> {
  const { connect } = await import("node:net");
  const tunnels: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.on("connect", (request: IncomingMessage, client: Socket, head: Buffer) => {
    tunnels.push(request.url ?? "");
    headers.push(request.headers);
    const target = connect(targetPort, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.write(head);
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy());
    client.on("error", () => target.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server.address()),
    tunnels,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return address.port;
}
