import assert from "node:assert/strict";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "../emulator";
import { chooseEngines } from "../engine";
import { nameOf } from "../engine/checkpoint";
import { openTestbed, type Testbed, type TestbedOptions } from "./testbed";

for (const choice of chooseEngines()) {
  describe(`FindingsAssignment deployed on the ${choice.name}`, () => {
    let bed: Testbed;
    const open = async (options?: TestbedOptions) => {
      bed = await openTestbed(choice, options);
      return bed;
    };
    afterEach(() => bed.close());

    it("assigns 250 findings in 3 PATCHes, edits send the delta, no change sends nothing, destroy gives them back", async () => {
      const { emulator, engine, ids, users, up } = await open({ count: 260 });
      const [one, two] = users;
      await up({ a: { findingIds: ids.slice(0, 250), assignee: one } });
      assert.deepEqual(bed.batches(), [100, 100, 50]);
      bed.assertOwners(ids.slice(0, 250), one);

      emulator.requests.reset();
      const again = await up({ a: { findingIds: [...ids.slice(0, 250)].reverse(), assignee: one } });
      assert.equal(emulator.requests.count(), 0);
      assert.equal(again.changes.update ?? 0, 0);

      await up({ a: { findingIds: ids.slice(5, 260), assignee: one } });
      assert.deepEqual(bed.batches(), [10, 5]);

      emulator.requests.reset();
      await up({
        a: { findingIds: ids.slice(5, 125), assignee: one },
        b: { findingIds: ids.slice(125), assignee: two },
      });
      bed.assertOwners(ids.slice(125), two);

      const destroyed = await engine.destroy();
      assert.equal(destroyed.exitCode, 0, destroyed.stdout);
      bed.assertOwners(ids, null);
    });

    it("previews literal ids without credentials and without a request", async () => {
      const { emulator, ids, users, preview } = await open({ config: {} });
      const result = await preview({ a: { findingIds: ids, assignee: users[0] } });
      assert.equal(result.exitCode, 0, result.stdout);
      assert.equal(emulator.requests.count(), 0);
    });

    it("names the config command and the variable where keys are missing, at the first request", async () => {
      const { ids, users, tryUp } = await open({ config: {} });
      const result = await tryUp({ a: { findingIds: ids, assignee: users[0] } });
      assert.notEqual(result.exitCode, 0);
      for (const part of [
        "pulumi config set --secret datadog:apiKey",
        "DD_API_KEY",
        "datadog:appKey",
        "DD_APP_KEY",
      ]) {
        assert.ok(result.stdout.includes(part), result.stdout);
      }
    });

    it("reports every problem of the inputs at once, each with its property, the value and what would be right", async () => {
      const { emulator, tryUp } = await open();
      const result = await tryUp({ a: { findingIds: ["", 7], asignee: "x y" } });
      assert.notEqual(result.exitCode, 0);
      for (const part of [
        "findingIds[0]",
        "findingIds[1]",
        "7",
        "did you mean assignee?",
        "assignee is missing",
      ]) {
        assert.ok(result.stdout.includes(part), `${part} in ${result.stdout}`);
      }
      assert.equal(emulator.requests.count(), 0);
    });

    it("keeps the owner of a renamed resource where the up broke off between the create and the delete and is run again", async () => {
      const { emulator, engine, ids, users, up, tryUp } = await open();
      const names = async () => {
        const { resources = [] } = (await engine.exportState()).deployment;
        const ours = resources.filter(({ type }) => type.endsWith(":FindingsAssignment"));
        return ours.map(({ urn }) => nameOf(urn)).sort();
      };
      const declared = { findingIds: ids, assignee: users[0] };
      await up({ before: declared });
      await engine.setConfig("breakOff", { value: "exit" });
      assert.notEqual((await tryUp({ after: declared })).exitCode, 0);
      assert.deepEqual(await names(), ["after", "before"]);
      await engine.setConfig("breakOff", { value: "" });
      const { changes } = await up({ after: declared });
      assert.equal(changes.delete, 1);
      assert.deepEqual(await names(), ["after"]);
      bed.assertOwners(ids, users[0]);
      assert.ok(emulator.ownerChanges.every((change) => change.to !== null));
    });

    it("refuses two resources that declare the same finding for different assignees, naming the finding and both", async () => {
      const { emulator, ids, users, tryUp } = await open();
      const [shared = ""] = ids;
      const [one = "", two = ""] = users;
      const result = await tryUp({
        a: { findingIds: [shared], assignee: one },
        b: { findingIds: [shared], assignee: two },
      });
      assert.notEqual(result.exitCode, 0);
      for (const part of [shared, one, two]) assert.ok(result.stdout.includes(part), result.stdout);
      assert.ok(emulator.requests.count() <= 1);
    });

    it("keeps what succeeded of a batch that partly fails, and heals with only the failed ids", async () => {
      const { emulator, ids, users, tryUp, up } = await open();
      const [bad = ""] = ids;
      emulator.failFinding(bad, { status: 409, title: "Conflict", detail: "locked", times: 1 });
      const spec = { a: { findingIds: ids, assignee: users[0] } };
      const failed = await tryUp(spec);
      assert.notEqual(failed.exitCode, 0);
      for (const part of ["1 of 20 findings", bad, "409 Conflict", "locked"]) {
        assert.ok(failed.stdout.includes(part), `${part} in ${failed.stdout}`);
      }
      bed.assertOwners(ids.slice(1), users[0]);
      emulator.requests.reset();
      const healed = await up(spec);
      assert.deepEqual(
        emulator.requests.all.map((request) => request.findingIds),
        [[bad]],
      );
      assert.deepEqual(healed.outputs.failures, { a: [] });
      bed.assertOwners(ids, users[0]);
    });

    it("holds no key in the state, and a provider under 2.5 kB that is the same for every resource", async () => {
      const { engine, ids, users, up } = await open();
      await up({
        a: { findingIds: ids.slice(0, 10), secretAssignee: users[0] },
        b: { findingIds: ids.slice(10), assignee: users[1] },
      });
      const state = await engine.exportState();
      const text = JSON.stringify(state);
      assert.equal(text.includes(EMULATOR_API_KEY), false);
      assert.equal(text.includes(EMULATOR_APP_KEY), false);
      const providers = (state.deployment.resources ?? [])
        .filter((resource) => resource.type.endsWith(":FindingsAssignment"))
        .flatMap((resource) => [resource.inputs?.__provider, resource.outputs?.__provider]);
      assert.equal(providers.length, 4);
      assert.equal(new Set(providers).size, 1);
      assert.ok(String(providers[0]).length < 2_500);
      assert.match(String(providers[0]), /require\(name \+ "\/provider"\)/);
    });
  });
}
