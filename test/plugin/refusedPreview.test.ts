import assert from "node:assert/strict";
import { type Front, type FrontBed, openFrontBed } from "./frontBed";

for (const front of ["dynamic", "plugin"] satisfies Front[]) {
  describe(`more than maxChanges with the ${front} provider`, () => {
    let bed: FrontBed;
    beforeEach(async () => {
      bed = await openFrontBed({ count: 8 });
    });
    afterEach(() => bed.close());

    const program = (owner: number, maxChanges: number) => ({
      rules: {
        type: "FindingsOwnership",
        maxChanges,
        rules: [{ name: "all", query: "*", assignee: bed.users[owner] }],
      },
    });
    const fails = async (owner: number) => {
      bed.emulator.requests.reset();
      const { exitCode, stdout } = await bed.previewOf(front, program(owner, 5));
      assert.notEqual(exitCode, 0, stdout);
      assert.match(stdout, /refused: 8 findings would change, but maxChanges is 5; nothing is sent/);
      assert.equal(bed.emulator.requests.count({ family: "assignee" }), 0);
    };

    it("fails the preview of a new stack and of one that exists, and no destroy", async () => {
      await fails(0);
      const deployed = await bed.deploy(front, program(0, 8));
      assert.equal(deployed.exitCode, 0, deployed.stdout);
      await fails(1);
      const refreshed = await bed.engine.refresh();
      assert.equal(refreshed.exitCode, 0, refreshed.stdout);
      bed.pass(20 * 60_000);
      const destroyed = await bed.engine.destroy();
      assert.equal(destroyed.exitCode, 0, destroyed.stdout);
      bed.assertOwners(bed.ids, null);
    });
  });
}
