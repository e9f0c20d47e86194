import assert from "node:assert/strict";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "../emulator";
import { type DeploymentResult, embeddedEngine } from "../engine";
import { openTestbed, type Testbed } from "./testbed";

const RENEWED = {
  apiKey: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  appKey: "00112233445566778899aabbccddeeff00112233",
};
const WAYS_OUT = /still use the former ones: run pulumi up first, or add --run-program/;

describe("keys that have been renewed", () => {
  let bed: Testbed;
  afterEach(() => bed.close());
  const succeeds = ({ exitCode, stdout }: DeploymentResult) => assert.equal(exitCode, 0, stdout);

  it("in the stack's configuration serve refresh and destroy from the next up on, which both say until then", async () => {
    bed = await openTestbed(embeddedEngine, { count: 4 });
    const { emulator, engine, ids, users } = bed;
    const spec = { a: { findingIds: ids, assignee: users[0] } };
    await bed.up(spec);
    emulator.keys.replace([RENEWED]);
    await engine.setConfig("datadog:apiKey", { value: RENEWED.apiKey, secret: true });
    await engine.setConfig("datadog:appKey", { value: RENEWED.appKey, secret: true });

    const early = await engine.refresh();
    assert.match(early.stdout, WAYS_OUT);
    const refused = await engine.destroy();
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.stdout, WAYS_OUT);
    bed.assertOwners(ids, users[0]);

    await bed.up(spec);
    const refreshed = await engine.refresh();
    succeeds(refreshed);
    assert.doesNotMatch(refreshed.stdout, /403/);
    succeeds(await engine.destroy());
    bed.assertOwners(ids, null);
  });

  it("in the environment serve refresh and destroy at once, and are in no state", async () => {
    const former = { DD_API_KEY: EMULATOR_API_KEY, DD_APP_KEY: EMULATOR_APP_KEY };
    bed = await openTestbed(embeddedEngine, { count: 4, config: {}, env: former });
    const { emulator, engine, ids, settings, users } = bed;
    await bed.up({ a: { findingIds: ids, assignee: users[0] } });
    const state = JSON.stringify(await engine.exportState());
    for (const name of ["apiKey", "appKey"]) assert.ok(!state.includes(`"datadog:${name}"`), name);
    emulator.keys.replace([RENEWED]);
    const now = { DD_API_KEY: RENEWED.apiKey, DD_APP_KEY: RENEWED.appKey };
    const later = embeddedEngine.create({ ...settings, env: { ...settings.env, ...now } });
    const refreshed = await later.refresh();
    succeeds(refreshed);
    assert.doesNotMatch(refreshed.stdout, /403/);
    succeeds(await later.destroy());
    bed.assertOwners(ids, null);
  });
});
