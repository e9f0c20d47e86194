import assert from "node:assert/strict";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatorServer,
  seedFindings,
  startEmulator,
} from "../emulator";
import { chooseEngines, type DeploymentResult } from "../engine";
import { type FrontBed, openFrontBed } from "./frontBed";

const RENEWED = {
  apiKey: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  appKey: "00112233445566778899aabbccddeeff00112233",
};

for (const choice of chooseEngines()) {
  describe(`keys of the plugin's default provider, on the ${choice.name}`, function () {
    this.timeout(180_000);
    let bed: FrontBed;
    beforeEach(async () => {
      bed = await openFrontBed({ count: 4 }, choice);
    });
    afterEach(() => bed.close());

    const succeeds = ({ exitCode, stdout }: DeploymentResult) => assert.equal(exitCode, 0, stdout);
    const configure = async (key: string, value: string, secret: boolean) =>
      bed.engine.setConfig(`datadog-findings:${key}`, { value, secret });

    it("that have been renewed serve refresh and destroy at once, although the state has the former ones", async () => {
      succeeds(await bed.deploy("plugin", { a: { findingIds: bed.ids, assignee: bed.users[0] } }));
      bed.emulator.keys.replace([RENEWED]);
      await configure("apiKey", RENEWED.apiKey, true);
      await configure("appKey", RENEWED.appKey, true);
      bed.takeRequests();
      succeeds(await bed.engine.refresh());
      assert.ok(bed.takeRequests().some((request) => request.includes("search")));
      succeeds(await bed.engine.destroy());
      bed.assertOwners(bed.ids, null);
    });

    if (choice.name !== "embedded engine") {
      it("of another host: everything is assigned there, and released in the former organisation with its own keys", async () => {
        const there: EmulatorServer = await startEmulator({
          findings: seedFindings({ count: 4 }),
          keys: [RENEWED],
        });
        try {
          const resources = { a: { findingIds: bed.ids, assignee: bed.users[0] } };
          succeeds(await bed.deploy("plugin", resources));
          await configure("apiUrl", there.url, false);
          await configure("apiKey", RENEWED.apiKey, true);
          await configure("appKey", RENEWED.appKey, true);
          succeeds(await bed.deploy("plugin", resources));
          bed.assertOwners(bed.ids, null);
          for (const id of bed.ids) assert.equal(there.emulator.ownerOf(id), bed.users[0]);
          succeeds(await bed.engine.destroy());
          assert.ok([...there.emulator.owners().values()].every((owner) => owner === null));
        } finally {
          await there.close();
        }
      });

      it("are wrong: every setting that cannot be used is told before anything is done", async () => {
        await configure("apiUrl", "http://example.com", false);
        await configure("httpClientRetryMaxRetries", "many", false);
        const result = await bed.deploy("plugin", { a: { findingIds: bed.ids, assignee: bed.users[0] } });
        assert.notEqual(result.exitCode, 0);
        assert.match(result.stdout, /datadog-findings:apiUrl/);
        assert.match(result.stdout, /datadog-findings:httpClientRetryMaxRetries/);
        for (const key of [EMULATOR_API_KEY, EMULATOR_APP_KEY]) assert.ok(!result.stdout.includes(key));
      });
    }
  });
}
