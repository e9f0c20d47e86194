import assert from "node:assert/strict";
import type { DeploymentResult } from "../engine";
import { chooseEngines } from "../engine";
import { type Front, type FrontBed, openFrontBed, type Resources } from "./frontBed";

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

    it("keeps its findings and sends nothing, in either direction: an update stores once what the dynamic provider needs", async () => {
      succeeds(await bed.deploy("plugin", resources()));
      const owners = bed.emulator.owners();
      const ids = (await bed.stored()).map(({ id }) => id);
      patches();
      const goesOver = async (front: Front, type: RegExp) => {
        const result = await bed.deploy(front, resources());
        succeeds(result);
        const { create = 0, delete: deleted = 0, replace = 0, update = 0 } = result.changes;
        assert.deepEqual([create, deleted, replace, patches()], [0, 0, 0, []]);
        for (const each of await types()) assert.match(each, type);
        return update;
      };
      assert.equal(await goesOver("dynamic", DYNAMIC), 2);
      await goesOver("plugin", PLUGIN);
      assert.equal(await goesOver("dynamic", DYNAMIC), 0);
      assert.deepEqual((await bed.stored()).map(({ id }) => id).sort(), [...ids].sort());
      assert.deepEqual(bed.emulator.owners(), owners);
      succeeds(await bed.engine.destroy());
      assert.ok([...bed.emulator.owners().values()].every((owner) => owner === null));
    });
  });
}
