import assert from "node:assert/strict";
import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { onAbort } from "../../../provider/core/onAbort";
import { createDatadogClient } from "../../../provider/datadog/client";
import { readSettings } from "../../../provider/datadog/http/settings";
import { systemClock } from "../../../provider/datadog/http/systemClock";
import type { Send } from "../../../provider/datadog/model/transport";

const settings = readSettings({ get: () => undefined }, { DD_API_KEY: "unused", DD_APP_KEY: "unused" });

/** Warnings of node that come while something runs. */
async function warningsOf(work: () => Promise<unknown>): Promise<string[]> {
  const warnings: string[] = [];
  const note = (warning: Error) => void warnings.push(warning.name);
  process.on("warning", note);
  try {
    await work();
    await turn();
    return warnings;
  } finally {
    process.off("warning", note);
  }
}

/** A Datadog that does not answer until it is told to. */
function slowDatadog() {
  const { promise: answered, resolve: answer } = withResolvers();
  const send: Send = async ({ signal }) => {
    await Promise.race([answered, signal && once(signal, "abort").then(() => signal.throwIfAborted())]);
    return { status: 200, headers: {}, body: '{"data":[]}' };
  };
  const api = createDatadogClient({ settings, clock: systemClock, random: () => 0, send });
  return { api, answer };
}

function withResolvers() {
  let resolve = () => {};
  const promise = new Promise<void>((resolvePromise) => {
    resolve = resolvePromise;
  });
  return { promise, resolve };
}

describe("many who wait for one signal", () => {
  it("print no warning: 30 look-ups of users, and 30 searches", async () => {
    const { signal } = new AbortController();
    const { api, answer } = slowDatadog();
    const warnings = await warningsOf(async () => {
      const lookUps = Array.from({ length: 30 }, (_, index) => api.listUsers(`user-${index}`, signal));
      const searches = Array.from({ length: 30 }, (_, index) => api.search({ query: `q${index}`, signal }));
      await turn();
      answer();
      await Promise.all([...lookUps, ...searches]);
    });
    assert.deepEqual(warnings, []);
  });

  it("print no warning where they sleep", async () => {
    const controller = new AbortController();
    const warnings = await warningsOf(async () => {
      const sleeps = Array.from({ length: 30 }, () => systemClock.sleep(60_000, controller.signal));
      controller.abort(new Error("enough"));
      const results = await Promise.allSettled(sleeps);
      assert.ok(results.every(({ status }) => status === "rejected"));
    });
    assert.deepEqual(warnings, []);
  });

  it("are all told when it is aborted, those that wait for their turn as well as those under way", async () => {
    const controller = new AbortController();
    const { api } = slowDatadog();
    const lookUps = Array.from({ length: 30 }, (_, index) => api.listUsers(`u${index}`, controller.signal));
    await turn();
    controller.abort(new Error("enough"));
    const results = await Promise.allSettled(lookUps);
    assert.ok(results.every((each) => each.status === "rejected" && String(each.reason) === "Error: enough"));
  });

  it("are not told who no longer wait, and hear of it once", async () => {
    const controller = new AbortController();
    const heard: string[] = [];
    const takeBack = onAbort(controller.signal, () => heard.push("gone"));
    onAbort(controller.signal, () => heard.push("waiting"));
    takeBack();
    const aborted = once(controller.signal, "abort");
    controller.abort();
    controller.abort();
    await aborted;
    assert.deepEqual(heard, ["waiting"]);
  });
});
