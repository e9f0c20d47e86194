import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

const LISTENING = "listening";

/**
 * A process that starts a child by `startNode`, and does nothing else; both live until somebody ends them.
 */
const ownerProgram = (port: number) => `
  const { startNode } = require(${JSON.stringify(require.resolve("./childProcess"))});
  const program = "require('node:net').connect(${port}, '127.0.0.1').write('${LISTENING}'); setInterval(() => {}, 1e6)";
  startNode({ args: ["-e", program], cwd: process.cwd(), env: process.env, onLine() {} });
`;

describe("child processes", function () {
  this.timeout(60_000);
  let server: Server;
  let port = 0;
  beforeEach(async () => {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  afterEach(() => server.close());

  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
    it(`end with their owner on ${signal}, of which it dies as anybody would`, async () => {
      const owner = spawn(process.execPath, ["--import", "tsx", "-e", ownerProgram(port)], {
        stdio: "inherit",
      });
      const ownerEnded = once(owner, "exit");
      const child = await new Promise<Socket>((resolve) => server.once("connection", resolve));
      await once(child, "data");
      // a connection ends with its process
      const childEnded = once(child, "close");
      child.on("error", () => {}).resume();
      owner.kill(signal);
      assert.deepEqual(await ownerEnded, [null, signal]);
      await childEnded;
    });
  }
});
