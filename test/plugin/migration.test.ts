import assert from "node:assert/strict";
import type { DeploymentResult } from "../engine";
import { chooseEngines } from "../engine";
import { type FrontBed, openFrontBed, type Resources } from "./frontBed";

const PLUGIN = /^datadog-findings:index:/;
const DYNAMIC = /^pulumi-nodejs:dynamic\/datadog:/;

for (const choice of chooseEngines()) {
  describe(`a stack that goes from one provider to the other, on the ${choice.name}`, function () {
    this.timeout(180_000);
    let bed: FrontBed;
    beforeEach(async () => {
      bed = await openFrontBed({ count: 12 }, choice);
    });
    afterEach(() => bed.close());

    const resources = (): Resources => ({
      a: { findingIds: bed.ids.slice(0, 6), assignee: bed.users[0] },
      rules: {
        type: "FindingsOwnership",
        rules: [{ name: "others", query: "*", assignee: bed.users[1] }],
      },
    });
    const succeeds = ({ exitCode, stdout }: DeploymentResult) => assert.equal(exitCode, 0, stdout);
    const types = async () => (await bed.stored()).map(({ type }) => type);
    const patches = () => bed.takeRequests().filter((request) => request.startsWith("PATCH"));

    it("keeps its findings and sends nothing, from the dynamic provider to the plugin and back", async () => {
      succeeds(await bed.deploy("dynamic", resources()));
      const owners = bed.emulator.owners();
      const ids = (await bed.stored()).map(({ id }) => id);
      patches();

      const over = await bed.deploy("plugin", resources());
      succeeds(over);
      assert.deepEqual(
        [over.changes.create ?? 0, over.changes.delete ?? 0, over.changes.replace ?? 0],
        [0, 0, 0],
      );
      assert.deepEqual(patches(), []);
      for (const type of await types()) assert.match(type, PLUGIN);

      const back = await bed.deploy("dynamic", resources());
      succeeds(back);
      assert.deepEqual(
        [back.changes.create ?? 0, back.changes.delete ?? 0, back.changes.replace ?? 0],
        [0, 0, 0],
      );
      assert.equal(back.changes.update ?? 0, 0);
      assert.deepEqual(patches(), []);
      for (const type of await types()) assert.match(type, DYNAMIC);
      assert.deepEqual((await bed.stored()).map(({ id }) => id).sort(), [...ids].sort());
      assert.deepEqual(bed.emulator.owners(), owners);
    });

    it("gives its findings back where it was the plugin's first: an update stores what the dynamic provider needs", async () => {
      succeeds(await bed.deploy("plugin", resources()));
      patches();
      const over = await bed.deploy("dynamic", resources());
      succeeds(over);
      assert.equal(over.changes.update, 2);
      assert.deepEqual(patches(), []);
      succeeds(await bed.engine.destroy());
      assert.ok([...bed.emulator.owners().values()].every((owner) => owner === null));
    });
  });
}
