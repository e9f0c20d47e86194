import assert from "node:assert/strict";
import { embeddedEngine } from "../engine";
import { openTestbed, type Testbed, type TestbedOptions } from "./testbed";

// a small number: what failed travels in a trailer, of which the HTTP/2 client of the embedded engine takes
// 64 kB
const options: TestbedOptions = { count: 400, latencyMs: 50 };

describe("a deployment that is stopped", () => {
  let bed: Testbed;
  afterEach(() => bed.close());

  it("by Ctrl-C sends no new batch, saves what is done, and the next up sends only the rest", async () => {
    bed = await openTestbed(embeddedEngine, options);
    const { emulator, engine, ids, users, tryUp, up } = bed;
    const spec = { a: { findingIds: ids, assignee: users[0] } };
    let arrived = 0;
    let cancel = () => {};
    const cancelled = new Promise<void>((resolve) => {
      cancel = () => resolve(engine.cancel());
    });
    emulator.onRequest = async ({ phase }) => {
      if (phase === "before" && ++arrived === 2) cancel();
      // what is under way by then is answered when the provider has been told
      if (arrived >= 2) await cancelled;
    };
    const { exitCode, stdout } = await tryUp(spec);
    emulator.onRequest = undefined;
    assert.notEqual(exitCode, 0);
    const sent = emulator.requests.count("assignee");
    assert.ok(sent >= 2 && sent < 4, `${sent} batches`);
    assert.ok(stdout.includes(`${4 - sent}00 of 400 findings could not be assigned`), stdout);
    assert.match(stdout, /the deployment was cancelled/);
    const { resources = [] } = (await engine.exportState()).deployment;
    const saved = resources.find(({ type }) => type.endsWith(":FindingsAssignment"))?.outputs?.["findingIds"];
    assert.ok(Array.isArray(saved));
    assert.equal(saved.length, 100 * sent);

    emulator.requests.reset();
    await up(spec);
    assert.equal(emulator.requests.count("assignee"), 4 - sent);
    bed.assertOwners(ids, users[0]);
  });

  it("by SIGINT to the provider is gone on with", async () => {
    // what a signal does to a reused process is our own
    bed = await openTestbed(embeddedEngine, { ...options, freshProcesses: true });
    const { emulator, ids, users, tryUp, up } = bed;
    const spec = { a: { findingIds: ids, assignee: users[0] } };
    let provider = 0;
    let seen = 0;
    emulator.onRequest = ({ phase }) => {
      if (phase === "after" && ++seen === 2) process.kill(provider, "SIGINT");
    };
    const run = {
      onProviderStart: (pid: number) => {
        provider = pid;
      },
    };
    assert.notEqual((await tryUp(spec, run)).exitCode, 0);
    emulator.onRequest = undefined;
    await up(spec);
    bed.assertOwners(ids, users[0]);
  });
});
