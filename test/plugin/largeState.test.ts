import assert from "node:assert/strict";
import { chooseEngines } from "../engine";
import { openFrontBed } from "./frontBed";

/*
 * The trailer of an error holds 64 kB where node receives it, as the embedded engine does, and 16 MiB where the real engine does. What is
 * larger is saved as a success with an error in the log, with which the embedded engine's command fails, and the real one's does not.
 */
for (const choice of chooseEngines().filter(({ name }) => name !== "embedded engine")) {
  describe(`a large resource of the plugin, on the ${choice.name}`, function () {
    this.timeout(180_000);

    it("keeps 3,000 findings where one more fails, and the deployment fails", async () => {
      const bed = await openFrontBed({ count: 3_000 }, choice);
      try {
        const findingIds = [...bed.ids, "no-such"];
        const { exitCode, stdout } = await bed.deploy("plugin", {
          a: { findingIds, assignee: bed.users[0] },
        });
        assert.notEqual(exitCode, 0, stdout);
        assert.match(stdout, /1 of 3,001 findings could not be assigned/);
        const [resource] = await bed.stored();
        assert.deepEqual(resource?.outputs?.["findingIds"], [...bed.ids].sort());
        bed.takeRequests();
        const again = await bed.deploy("plugin", { a: { findingIds: bed.ids, assignee: bed.users[0] } });
        assert.equal(again.exitCode, 0, again.stdout);
        assert.deepEqual(
          bed.takeRequests().filter((request) => request.startsWith("PATCH")),
          [],
        );
      } finally {
        await bed.close();
      }
    });
  });
}
