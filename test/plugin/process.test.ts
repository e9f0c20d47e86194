import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatorServer,
  seedFindings,
  startEmulator,
} from "../emulator";
import { builtPlugin } from "../support/builtPlugin";
import { configure, identity, type OpenPlugin } from "./openPlugin";
import { EngineSide } from "./pluginClient";

interface PluginProcess extends OpenPlugin {
  readonly child: ChildProcess;
  /** What it printed after its port. */
  readonly printed: string[];
  /** Exit code and signal. */
  readonly ended: Promise<unknown[]>;
}

async function startPlugin(attached = false): Promise<PluginProcess> {
  const engine = new EngineSide();
  const address = await engine.listen();
  const child = spawn(process.execPath, [builtPlugin(), ...(attached ? [] : [address])], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const printed: string[] = [];
  const [port] = await once(lines, "line");
  lines.on("line", (line) => printed.push(line));
  child.stderr.on("data", (chunk) => printed.push(String(chunk)));
  engine.connect(Number(port));
  return {
    engine,
    child,
    printed,
    ended,
    about: (method, name, fields, type) => engine.call(method, { ...identity(name, type), ...fields }),
    close() {
      child.kill("SIGKILL");
      engine.close();
    },
  };
}

describe("the process of the plugin", () => {
  let server: EmulatorServer;
  let plugin: PluginProcess;
  const findings = seedFindings({ count: 5 });
  const inputs = () => ({
    findingIds: findings.map(({ id }) => id),
    assignee: server.emulator.users.find((user) => !user.disabled)?.id ?? "",
  });
  const ready = async (attached = false) => {
    plugin = await startPlugin(attached);
    await configure(plugin, { apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY, apiUrl: server.url });
  };
  /** A create whose PATCH the server holds back until `answer` is called. */
  const createUnderWay = async () => {
    const { promise, answer } = holdBack();
    const create = plugin.about("create", "a", { properties: inputs() });
    create.catch(() => undefined);
    await promise;
    return { create, answer };
  };
  function holdBack() {
    const { emulator } = server;
    const handle = emulator.handle.bind(emulator);
    let answer = () => {};
    let arrived = () => {};
    const promise = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const released = new Promise<void>((resolve) => {
      answer = resolve;
    });
    emulator.handle = async (request) => {
      if (request.method === "PATCH") {
        arrived();
        await released;
      }
      return handle(request);
    };
    return { promise, answer };
  }

  beforeEach(async () => {
    server = await startEmulator({ findings });
  });
  afterEach(async () => {
    plugin.close();
    await server.close();
  });

  it("prints its port, and nothing else the whole life through", async () => {
    await ready();
    await plugin.about("create", "a", { properties: inputs() });
    await plugin.engine.call("cancel");
    plugin.child.kill("SIGINT");
    assert.deepEqual(await plugin.ended, [0, null]);
    assert.deepEqual(plugin.printed, []);
  });

  it("ends when its engine is gone, and a request that is under way comes to its end first", async () => {
    await ready();
    const { answer } = await createUnderWay();
    plugin.child.stdin?.end();
    let isOver = false;
    void plugin.ended.then(() => {
      isOver = true;
    });
    // As long as this takes, it is still there: it answers.
    await plugin.engine.call("getPluginInfo");
    assert.equal(isOver, false);
    answer();
    assert.deepEqual(await plugin.ended, [0, null]);
    assert.ok([...server.emulator.owners().values()].every((owner) => owner !== null));
  });

  it("obeys Cancel at once: what is under way ends and is kept, and nothing follows", async () => {
    await ready();
    const { create, answer } = await createUnderWay();
    await plugin.engine.call("cancel");
    answer();
    const { properties } = await create;
    assert.deepEqual((properties as ReturnType<typeof inputs>).findingIds, [...inputs().findingIds].sort());
    const other = { ...inputs(), findingIds: ["another-finding"] };
    await assert.rejects(plugin.about("create", "b", { properties: other }), /cancelled/);
    plugin.child.kill("SIGINT");
    assert.deepEqual(await plugin.ended, [0, null]);
  });

  it("works on after Cancel where an engine attached to it, however its input ends", async () => {
    await ready(true);
    plugin.child.stdin?.end();
    await plugin.engine.call("attach", { address: plugin.engine.address });
    await plugin.engine.call("cancel");
    await configure(plugin, { apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY, apiUrl: server.url });
    await plugin.about("create", "a", { properties: inputs() });
    assert.equal(plugin.child.exitCode, null);
  });
});
