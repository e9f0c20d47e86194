import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";

export interface Outcome {
  readonly status: number;
  readonly body: string;
  /** What the proxy was asked to connect to. */
  readonly tunnels: string[];
}

const fixtures = join(__dirname, "fixtures");
const root = join(__dirname, "..", "..", "..");

/**
 * A TLS server for api.datadoghq.com and localhost, and a CONNECT proxy that leads there; a child process with a CA of its own
 * (NODE_EXTRA_CA_CERTS) asks through the proxy, around it, and directly.
 */
export async function throughProxy(): Promise<Record<"proxied" | "excluded" | "direct", Outcome>> {
  const tls = createTlsServer(
    { key: readFileSync(join(fixtures, "server-key.pem")), cert: readFileSync(join(fixtures, "server.pem")) },
    (request, response) => response.end(JSON.stringify({ via: request.headers.host?.split(":")[0] })),
  );
  const tunnels: string[] = [];
  const proxy = createHttpServer();
  proxy.on("connect", (request, socket) => {
    tunnels.push(request.url ?? "");
    const upstream = connect(port(tls), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  await Promise.all(
    [tls, proxy].map((server) => new Promise<void>((go) => server.listen(0, "127.0.0.1", go))),
  );
  const proxied = { HTTPS_PROXY: `http://127.0.0.1:${port(proxy)}` };
  const ask = async (env: NodeJS.ProcessEnv): Promise<Outcome> => {
    tunnels.length = 0;
    return { ...(await inChild(env)), tunnels: [...tunnels] };
  };
  try {
    return {
      proxied: await ask(proxied),
      // Without the proxy the name does not lead to this machine: nothing answers there.
      excluded: await ask({
        ...proxied,
        NO_PROXY: "api.datadoghq.com",
        DD_HOST: "https://api.datadoghq.com:9",
      }),
      direct: await ask({ ...proxied, DD_HOST: `https://localhost:${port(tls)}` }),
    };
  } finally {
    for (const server of [tls, proxy]) server.close();
    tls.closeAllConnections();
    proxy.closeAllConnections();
  }
}

function port(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const program = `
  const { undiciSend } = require(${JSON.stringify(join(root, "dist", "datadog", "undiciSend.js"))});
  const { readSettings } = require(${JSON.stringify(join(root, "dist", "datadog", "settings.js"))});
  const send = undiciSend({ settings: readSettings({ get: () => undefined }, process.env) });
  send({ method: "GET", path: "/", family: "users" })
    .then(({ status, body }) => ({ status, body }), (error) => ({ status: 0, body: error.message }))
    .then((outcome) => { console.log(JSON.stringify(outcome)); process.exit(0); });
`;

function inChild(env: NodeJS.ProcessEnv): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const settings = {
      PATH: process.env.PATH,
      DD_API_KEY: "api-key-of-the-test",
      DD_APP_KEY: "app-key-of-the-test",
      NODE_EXTRA_CA_CERTS: join(fixtures, "ca.pem"),
      ...env,
    };
    execFile(process.execPath, ["-e", program], { env: settings, timeout: 20_000 }, (error, stdout) => {
      if (error) reject(error);
      else resolve(JSON.parse(stdout));
    });
  });
}
