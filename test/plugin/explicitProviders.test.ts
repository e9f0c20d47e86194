import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, seedFindings, startEmulator } from "../emulator";
import { chooseEngines } from "../engine";
import { openFrontBed } from "./frontBed";

const KEYS = {
  east: { apiKey: "0f1e2d3c4b5a69788796a5b4c3d2e1f0", appKey: "00112233445566778899aabbccddeeff00112233" },
  renewed: { apiKey: "ffffffff4b5a69788796a5b4c3d2e1f0", appKey: "ffffffff445566778899aabbccddeeff00112233" },
};

for (const engine of chooseEngines())
  describe(`two explicit providers on ${engine.name}`, function () {
    this.timeout(180_000);

    it("serve two organisations in one program: keys stay secret, renewed ones change nothing, and a destroy releases in both", async () => {
      const bed = await openFrontBed({ count: 4 }, engine);
      const east = await startEmulator({ findings: seedFindings({ count: 4, seed: 2 }), keys: [KEYS.east] });
      try {
        const eastIds = [...east.emulator.owners().keys()];
        const deploy = async ({ apiKey, appKey }: { apiKey: string; appKey: string }) => {
          const result = await bed.tryUp({
            front: { name: "plugin" },
            providers: {
              west: { apiUrl: bed.url, apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY },
              east: { apiUrl: east.url, apiKey, appKey },
            },
            resources: {
              west: { provider: "west", findingIds: bed.ids, assignee: bed.users[0] },
              east: { provider: "east", findingIds: eastIds, assignee: bed.users[1] },
            },
          });
          assert.equal(result.exitCode, 0, result.stdout);
          return result;
        };
        await deploy(KEYS.east);
        bed.assertOwners(bed.ids, bed.users[0]);
        for (const id of eastIds) assert.equal(east.emulator.ownerOf(id), bed.users[1]);
        const state = JSON.stringify(await bed.engine.exportState());
        for (const key of [EMULATOR_API_KEY, KEYS.east.apiKey, KEYS.east.appKey])
          assert.ok(!state.includes(key));

        east.emulator.keys.replace([KEYS.renewed]);
        bed.takeRequests();
        east.emulator.requests.reset();
        const { changes } = await deploy(KEYS.renewed);
        assert.equal(changes.replace ?? 0, 0);
        assert.equal(east.emulator.requests.count("assignee"), 0);
        const destroyed = await bed.engine.destroy();
        assert.equal(destroyed.exitCode, 0, destroyed.stdout);
        bed.assertOwners(bed.ids, null);
        assert.ok([...east.emulator.owners().values()].every((owner) => owner === null));
      } finally {
        await east.close();
        // The program of the test was told the keys here, as a stack's secrets tell others.
        writeFileSync(join(bed.folder, "spec.json"), "{}");
        await bed.close();
      }
    });
  });
