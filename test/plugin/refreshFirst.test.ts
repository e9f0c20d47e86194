import assert from "node:assert/strict";
import { automationEngine, type DeploymentResult, findPulumiCli } from "../engine";
import { type Front, type FrontBed, openFrontBed, type Resources } from "./frontBed";

/** The real engine does refresh and deployment in one process of the provider; the embedded one in two. */
for (const front of ["dynamic", "plugin"] satisfies Front[]) {
  describe(`--refresh with the ${front} provider on the pulumi CLI`, function () {
    this.timeout(180_000);
    let bed: FrontBed;
    before(function () {
      if (findPulumiCli() === undefined) this.skip();
    });
    beforeEach(async () => {
      bed = await openFrontBed({ count: 8 }, automationEngine);
    });
    afterEach(() => bed.close());

    const succeeds = ({ exitCode, stdout }: DeploymentResult) => assert.equal(exitCode, 0, stdout);
    const up = (resources: Resources, refresh = false) =>
      bed.tryUp({ front: { name: front }, resources }, { refresh }).then(succeeds);

    it("moves findings between lists and rules, and leaves nothing behind", async () => {
      const [ada, ben] = bed.users;
      const half = bed.ids.slice(4);
      const rules = (assignee: string | undefined, excluded: readonly string[]) => ({
        type: "FindingsOwnership",
        exclude: [...excluded],
        rules: [{ name: "others", query: "*", assignee, overwrite: true }],
      });
      await up({ list: { findingIds: bed.ids, assignee: ada }, rules: rules(ada, bed.ids) });
      await up({ list: { findingIds: half, assignee: ben }, rules: rules(ada, half) }, true);
      bed.assertOwners(bed.ids.slice(0, 4), ada);
      bed.assertOwners(half, ben);
      bed.pass(20 * 60_000);
      await up({ list: { findingIds: half, assignee: ben }, rules: rules(ben, half) }, true);
      bed.assertOwners(bed.ids, ben);
      bed.pass(20 * 60_000);
      succeeds(await bed.engine.destroy({ refresh: true }));
      bed.assertOwners(bed.ids, null);
    });
  });
}
