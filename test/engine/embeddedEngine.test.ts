import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCheckpoint } from "./checkpoint";
import { createDeployment, type DeploymentEngine, type DeploymentResult } from "./index";
import { UNKNOWN } from "./properties";

const PROJECT = join(__dirname, "fixtures", "behaviour");
const errorsOf = (result: DeploymentResult): string =>
  result.diagnostics.flatMap(({ severity, message }) => (severity === "error" ? [message] : [])).join("\n");
const callsOf = (result: DeploymentResult, ...methods: string[]): string[] =>
  (result.calls ?? []).flatMap(({ method, request }) => {
    const name = method.split("/").at(-1) ?? "";
    return methods.includes(name) ? [`${name} ${String(request["name"])}`] : [];
  });

describe("the embedded engine", function () {
  this.timeout(60_000);
  let folder = "";
  let gate = "";
  let engine: DeploymentEngine;
  const declare = (spec: object) => engine.setConfig("spec", { value: JSON.stringify(spec) });
  const openGate = () => writeFileSync(gate, "");
  const names = async () =>
    (await engine.exportState()).deployment.resources?.map(({ urn }) => urn.split("::").at(-1));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "embedded-"));
    gate = join(folder, "gate");
    engine = createDeployment({
      projectDir: PROJECT,
      stack: "dev",
      stateDir: folder,
      env: { THING_GATE: gate },
    });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("refuses an invoke by name, with the advice to use the CLI", async () => {
    await declare({});
    await engine.setConfig("invoke", { value: "true" });
    const result = await engine.preview();
    assert.equal(result.exitCode, 1);
    assert.match(errorsOf(result), /does not do invokes .*Run this program with the pulumi CLI/);
  });

  it("keeps what is protected, forgets what is retained, ignores what is to be ignored", async () => {
    await declare({
      kept: { value: "k", opts: { protect: true } },
      forgotten: { value: "f", opts: { retainOnDelete: true } },
      ignoring: { value: "old", opts: { ignoreChanges: ["value"] } },
      gone: { value: "g" },
    });
    await engine.setConfig("hidden", { value: "a-hidden-value", secret: true });
    const first = await engine.up();
    assert.deepEqual([first.exitCode, first.changes], [0, { create: 5 }], first.stdout);
    assert.equal(first.outputs["secret"], "a-hidden-value");
    assert.deepEqual(first.secretOutputs, ["secret"]);
    assert.doesNotMatch(JSON.stringify(await engine.exportState()), /a-hidden-value/);

    await declare({ ignoring: { value: "new", opts: { ignoreChanges: ["value"] } } });
    const second = await engine.up();
    assert.equal(second.exitCode, 1);
    assert.match(errorsOf(second), /kept" cannot be deleted\nbecause it is protected/);
    assert.deepEqual(callsOf(second, "Create", "Update", "Delete"), ["Delete gone"]);
    assert.deepEqual(second.changes, { same: 2, delete: 2 });
    assert.deepEqual((await names())?.sort(), ["behaviour-dev", "default", "ignoring", "kept"]);
    const ignoring = (await engine.exportState()).deployment.resources?.find(({ urn }) =>
      urn.endsWith("ignoring"),
    );
    assert.equal(ignoring?.inputs?.["value"], "old");
  });

  it("previews what depends on an unknown value, and calls nothing that changes anything", async () => {
    await declare({ a: { value: "x" }, b: { sizeOf: "a" } });
    const result = await engine.preview();
    assert.deepEqual([result.exitCode, result.changes], [0, { create: 3 }], result.stdout);
    assert.deepEqual(callsOf(result, "Check", "Create"), ["Check a", "Check b"]);
    const check = result.calls?.find(({ request }) => request["name"] === "b");
    assert.deepEqual((check?.request["news"] as { value: string }).value, UNKNOWN);
    assert.deepEqual((await engine.exportState()).deployment.resources, undefined);
  });

  it("refuses a provider's deleteBeforeReplace by name, before anything has changed", async () => {
    await declare({ a: { value: "x", replaceBy: "1" } });
    await engine.up();
    await declare({ a: { value: "x", replaceBy: "2", deleteFirst: true } });
    const result = await engine.up();
    assert.match(errorsOf(result), /does not do deleteBeforeReplace, asked for by the provider of ".*::a"/);
    assert.deepEqual(callsOf(result, "Create", "Update", "Delete"), []);
  });

  it("cancels: nothing new starts, what is in flight is waited for and saved", async () => {
    await declare({ slow: { value: "wait" }, later: { sizeOf: "slow" } });
    let inFlight = "";
    const result = await engine.up({
      onOutput({ line }) {
        if (line !== 'create "wait"') return;
        // what a SIGKILL of the engine at this moment would leave behind
        inFlight = readFileSync(join(folder, "dev.json"), "utf8");
        void engine.cancel().then(openGate);
      },
    });
    assert.notEqual(result.exitCode, 0);
    assert.match(errorsOf(result), /update canceled/);
    assert.deepEqual(callsOf(result, "Create"), ["Create slow"]);
    const { deployment } = await engine.exportState();
    assert.equal(deployment.resources?.find(({ urn }) => urn.endsWith("slow"))?.id, "id-wait");
    assert.equal(deployment.pending_operations, undefined);
    const killed = parseCheckpoint(JSON.parse(inFlight)).deployment.pending_operations ?? [];
    assert.deepEqual(
      killed.map(({ type, resource }) => [type, resource.inputs?.["value"]]),
      [["creating", "wait"]],
    );
  });

  it("fails cleanly when the provider is killed, keeps the operation pending, and goes on in the next run", async () => {
    await declare({ slow: { value: "wait" } });
    let provider = 0;
    const result = await engine.up({
      onProviderStart: (pid) => {
        provider = pid;
      },
      onOutput: ({ line }) => line === 'create "wait"' && process.kill(provider, "SIGKILL"),
    });
    assert.equal(result.exitCode, 1);
    assert.match(errorsOf(result), /the provider process went away during Create/);
    const { pending_operations: pending = [] } = (await engine.exportState()).deployment;
    assert.deepEqual(
      pending.map(({ type }) => type),
      ["creating"],
    );

    openGate();
    const next = await engine.up();
    assert.equal(next.exitCode, 0, next.stdout);
    assert.match(
      next.diagnostics[0]?.message ?? "",
      /1 pending operations.*\n.*slow, interrupted while creating/,
    );
    assert.equal((await engine.exportState()).deployment.pending_operations, undefined);
    assert.deepEqual(await names(), ["behaviour-dev", "default", "slow"]);
  });
});
