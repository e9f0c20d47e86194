import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { openTestbed } from "../deployment/testbed";
import { embeddedEngine } from "./index";
import { quickStart } from "./quickStart";
import { runScript } from "./reusedProcess";

const toldSchema = z.object({
  pid: z.number(),
  seen: z.unknown(),
});

describe("a process that is used again", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "reused-")));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  /** Runs a script; with `end`, sends it a signal when it has printed its first line. */
  const run = async (
    script: string,
    settings: { env?: NodeJS.ProcessEnv; args?: string[]; end?: boolean } = {},
  ) => {
    const lines: string[] = [];
    const { args = [], env = {}, end = false } = settings;
    const started = runScript({
      args: [script, ...args],
      cwd: folder,
      env: { ...quickStart, ...process.env, ...env },
      onLine(stream, line) {
        lines.push(`${stream}: ${line}`);
        if (end && lines.length === 1) void started.stop("SIGINT");
      },
    });
    return { pid: started.pid, ...(await started.ended), lines };
  };
  const told = ({ lines }: { lines: readonly string[] }) =>
    toldSchema.parse(JSON.parse((lines[0] ?? "").replace("stdout: ", ""))).seen;

  it("shows a run its own arguments, folder, environment, globals, modules and listeners, and no others", async () => {
    write("counter.js", "exports.count = 0;");
    const script = write(
      "script.js",
      `const counter = require("./counter");
      const seen = { count: ++counter.count, left: globalThis.left, listeners: process.listenerCount("exit"),
        args: process.argv.slice(2), folder: process.cwd(), one: process.env.ONE, two: process.env.TWO,
        symbol: process[Symbol.for("left")], hook: typeof require.extensions[".left"], main: require.main === module };
      console.log(JSON.stringify({ pid: process.pid, seen }));
      globalThis.left = process[Symbol.for("left")] = "left";
      require.extensions[".left"] = () => {};
      process.on("exit", () => {}).on("uncaughtException", () => {}).on("SIGTERM", () => {});
      process.env.ONE = "changed";`,
    );
    const first = await run(script, { args: ["a", "b"], env: { ONE: "1" } });
    const second = await run(script, { args: ["c"], env: { TWO: "2" } });
    assert.equal(second.pid, first.pid);
    const same = { count: 1, listeners: 0, folder, hook: "undefined", main: true };
    assert.deepEqual(told(first), { ...same, args: ["a", "b"], one: "1" });
    assert.deepEqual(told(second), { ...same, args: ["c"], two: "2" });
  });

  it("runs what a module says now", async () => {
    const script = write("script.js", "console.log('one');");
    assert.deepEqual((await run(script)).lines, ["stdout: one"]);
    write("script.js", "console.log('two');");
    assert.deepEqual((await run(script)).lines, ["stdout: two"]);
  });

  it("ends a run when nothing is left to do, after its handlers, with its exit code and all that it printed", async () => {
    const script = write(
      "script.js",
      `let more = 2;
      process.on("beforeExit", () => {
        if (more-- > 0) setTimeout(() => console.log("more"), 5);
      });
      process.on("exit", (code) => {
        console.error("code", code);
        process.exitCode = 32;
      });
      setTimeout(() => process.stdout.write("no line end "), 5);`,
    );
    for (const _ of [1, 2]) {
      const { code, signal, lines } = await run(script);
      assert.deepEqual({ code, signal }, { code: 32, signal: null });
      const of = (stream: string) => lines.filter((line) => line.startsWith(stream));
      assert.deepEqual(of("stdout"), ["stdout: no line end more", "stdout: more"]);
      assert.deepEqual(of("stderr"), ["stderr: code 0"]);
    }
  });

  for (const [what, text, code] of [
    ["process.exit", "process.exit(7);", 7],
    ["an error that nobody catches", "setImmediate(() => { throw new Error('nobody catches it'); });", 1],
  ] as const) {
    it(`ends with the run at ${what}; the next run has another`, async () => {
      const script = write("script.js", text);
      const [first, second] = [await run(script), await run(script)];
      assert.deepEqual([first.code, second.code], [code, code]);
      assert.notEqual(first.pid, second.pid);
    });
  }

  it("is told to end by a signal: connections are closed, and it is killed where anything else is left", async () => {
    const serves = write(
      "serves.js",
      `require("node:net").createServer().listen(0, "127.0.0.1", () => console.log("listens"));`,
    );
    const [one, two] = [await run(serves, { end: true }), await run(serves, { end: true })];
    assert.deepEqual([one.code, two.code, two.pid], [0, 0, one.pid]);
    const waits = write("waits.js", `setInterval(() => console.log("tick"), 10);`);
    const killed = await run(waits, { end: true });
    assert.equal(killed.signal, "SIGKILL");
    assert.notEqual((await run(waits, { end: true })).pid, killed.pid);
  });

  it("leaves a signal to a script that has a handler for it", async () => {
    const script = write(
      "script.js",
      `const waiting = setInterval(() => {}, 1e6);
      process.on("SIGINT", () => {
        console.log("goodbye");
        clearInterval(waiting);
      });
      console.log("hello");`,
    );
    const { code, lines } = await run(script, { end: true });
    assert.deepEqual([code, lines], [0, ["stdout: hello", "stdout: goodbye"]]);
  });

  it("is another one where node reads another environment at its start", async () => {
    const script = write("script.js", "console.log(process.pid);");
    const { pid } = await run(script);
    const env = { NODE_EXTRA_CA_CERTS: join(folder, "none.pem") };
    const [one, two] = [await run(script, { env }), await run(script, { env })];
    assert.notEqual(one.pid, pid);
    assert.equal(two.pid, one.pid);
    assert.equal((await run(script)).pid, pid);
  });

  it("is a new one each time where something else is preloaded", async () => {
    const script = write("script.js", "console.log(process.pid);");
    const env = { NODE_OPTIONS: "--stack-trace-limit=20" };
    const [one, two] = [await run(script, { env }), await run(script, { env })];
    assert.notEqual(one.pid, two.pid);
  });

  it("gives a deployment what processes of its own give it: calls, steps, diagnostics, outputs and state", async () => {
    const [reused, own] = [await liveIn(false), await liveIn(true)];
    assert.deepEqual(reused, own);
    assert.ok(reused.length > 5_000, "it is about nothing");
  });
});

/** A life of a stack, as JSON without what differs between any two deployments. */
async function liveIn(freshProcesses: boolean): Promise<string> {
  const bed = await openTestbed(embeddedEngine, { count: 20, freshProcesses });
  const { engine, folder, ids, users, up, tryUp } = bed;
  try {
    const results = [
      await tryUp({ a: { findingIds: ids.slice(0, 9), asignee: "typo" } }),
      await up({ b: { findingIds: ids.slice(5), secretAssignee: users[1] } }),
      await engine.refresh(),
    ];
    const state = await engine.exportState();
    results.push(await engine.destroy());
    const shown = results.map(({ stdout, durationMs, ...result }) => result);
    return JSON.stringify([shown, state], undefined, 1)
      .replaceAll(folder, "FOLDER")
      .replaceAll(/127\.0\.0\.1:\d+/g, "ADDRESS")
      .replaceAll(/"(randomSeed|ciphertext)": ".*"/g, '"$1"')
      .replaceAll(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, "UUID")
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME");
  } finally {
    await bed.close();
  }
}
