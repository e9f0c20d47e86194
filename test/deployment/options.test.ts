import assert from "node:assert/strict";
import { chooseEngines } from "../engine";
import { openTestbed, type Testbed } from "./testbed";

for (const choice of chooseEngines()) {
  describe(`resource options on the ${choice.name}`, () => {
    let bed: Testbed;
    beforeEach(async () => {
      bed = await openTestbed(choice, { count: 5 });
    });
    afterEach(() => bed.close());

    it('ignoreChanges: ["findingIds"] leaves what a refresh has found changed as it is', async () => {
      const { emulator, engine, ids, users, up } = bed;
      const [taken = "", ...rest] = ids;
      const spec = {
        a: { findingIds: ids, assignee: users[0], opts: { ignoreChanges: ["findingIds"] } },
      };
      await up(spec);
      emulator.reassignByHand(taken, users[1] ?? null);
      // Our own acceptance is told to the second: the colleague comes after it.
      emulator.settings.updatedAtForm = { value: Date.now() + 2_000 };
      assert.equal((await engine.refresh()).exitCode, 0);
      await up(spec);
      bed.assertOwners([taken], users[1]);
      bed.assertOwners(rest, users[0]);
      emulator.requests.reset();
      const again = await up(spec);
      assert.equal(again.changes.update ?? 0, 0, again.stdout);
      assert.equal(emulator.requests.count("assignee"), 0);
    });

    it("protect keeps a resource from a destroy, and nothing is unassigned", async () => {
      const { emulator, engine, ids, users, up } = bed;
      await up({ a: { findingIds: ids, assignee: users[0], opts: { protect: true } } });
      emulator.requests.reset();
      const destroyed = await engine.destroy();
      assert.notEqual(destroyed.exitCode, 0);
      assert.equal(emulator.requests.count(), 0);
      bed.assertOwners(ids, users[0]);
    });

    it("deletedWith leaves findings as they are where the other resource goes, too, and releases them where it stays", async () => {
      const { emulator, engine, ids, users, up } = bed;
      const [first = "", second = "", ...rest] = ids;
      const goesWithA = (findingIds: readonly string[]) => ({
        findingIds,
        assignee: users[0],
        deletedWith: "a",
      });
      const spec = { a: { findingIds: [first], assignee: users[0] }, b: goesWithA(rest) };
      await up({ ...spec, c: goesWithA([second]) });
      await up(spec);
      bed.assertOwners([second], null);
      bed.assertOwners(rest, users[0]);
      emulator.requests.reset();
      const destroyed = await engine.destroy();
      assert.equal(destroyed.exitCode, 0, destroyed.stdout);
      assert.deepEqual(
        bed.batches(),
        [1],
        "the engine does not ask to delete what goes with another resource",
      );
      bed.assertOwners([first], null);
      bed.assertOwners(rest, users[0]);
    });

    it("a preview with ids that are not known yet says what is to come, and sends nothing", async () => {
      const { emulator, ids, preview, up, users } = bed;
      const spec = {
        a: { findingIds: ids, assignee: users[0] },
        b: { idsFrom: "a", assignee: users[0] },
      };
      const previewed = await preview(spec);
      assert.equal(previewed.exitCode, 0, previewed.stdout);
      assert.equal(previewed.changes.create, 3, "the stack and both resources");
      assert.match(previewed.stdout, /a: 5 findings to assign/);
      assert.doesNotMatch(previewed.stdout, /b: \d+ findings/, "nobody knows them yet");
      assert.equal(emulator.requests.count("assignee"), 0);
      await up(spec);
      bed.assertOwners(ids, users[0]);
    });

    it("up --refresh finds what somebody has changed, and puts it right, in one go", async () => {
      const { emulator, ids, up, users } = bed;
      const spec = { a: { findingIds: ids, assignee: users[0] } };
      await up(spec);
      emulator.reassignByHand(ids[0] ?? "", users[1] ?? null);
      emulator.settings.updatedAtForm = { value: Date.now() + 2_000 };
      emulator.requests.reset();
      const { stdout } = await up(spec, { refresh: true });
      assert.match(stdout, /a: 1 finding is not as declared/);
      assert.deepEqual(bed.batches(), [1]);
      bed.assertOwners(ids, users[0]);
    });

    it("an empty list is a resource, and gets findings later", async () => {
      const { emulator, ids, up, users } = bed;
      await up({ a: { findingIds: [], assignee: users[0] } });
      assert.equal(emulator.requests.count("assignee"), 0);
      await up({ a: { findingIds: ids, assignee: users[0] } });
      bed.assertOwners(ids, users[0]);
      await up({ a: { findingIds: [], assignee: users[0] } });
      bed.assertOwners(ids, null);
    });
  });
}
