import assert from "node:assert/strict";
import { type Emulator, wallClock } from "../emulator";
import { type Checkpoint, chooseEngines, type DeploymentResult } from "../engine";
import { openTestbed, type Spec, type Testbed, type TestbedOptions } from "./testbed";

/** Longer than the search may lag. */
const LATER_MS = 10 * 60_000;

/**
 * When the engine looked is no content, nor is how it encrypts the same secret anew, nor which of two resources
 * it came to first; of lists that say nothing it keeps the empty ones only until the first refresh.
 */
const passing = new Set(["time", "modified", "propertyDependencies", "ciphertext"]);

function bytes(state: Checkpoint): string {
  const { resources = [] } = state.deployment;
  const sorted = [...resources].sort((one, other) => one.urn.localeCompare(other.urn));
  const deployment = { ...state.deployment, resources: sorted };
  return JSON.stringify({ ...state, deployment }, (key, value) => (passing.has(key) ? undefined : value), 1);
}

/** The findings of each PATCH. */
function patched(emulator: Emulator): (readonly string[] | undefined)[] {
  return emulator.requests.filter("assignee").map(({ findingIds }) => findingIds && [...findingIds].sort());
}

for (const choice of chooseEngines()) {
  describe(`drift on the ${choice.name}`, () => {
    let bed: Testbed;
    let shiftMs: number;
    /** Datadog's clock, which the test sets forward instead of waiting. */
    const clock = { ...wallClock, now: () => wallClock.now() + shiftMs };
    const open = async (options?: TestbedOptions) => {
      shiftMs = 0;
      bed = await openTestbed(choice, { clock, ...options });
      return bed;
    };
    const refresh = async (parallel = 16): Promise<DeploymentResult> => {
      const result = await bed.engine.refresh({ parallel });
      assert.equal(result.exitCode, 0, result.stdout);
      return result;
    };
    afterEach(() => bed.close());

    it("shows an owner that changed as a change of the resource, and the next up repairs just that", async () => {
      const { emulator, ids, users, up } = await open({ count: 250 });
      const [one, two = ""] = users;
      const spec: Spec = {
        a: { findingIds: ids.slice(0, 200), assignee: one },
        b: { findingIds: ids.slice(200), assignee: one },
      };
      await up(spec);
      const drifted = [ids[7] ?? "", ids[150] ?? ""].sort();
      const [given = "", taken = ""] = drifted;
      emulator.reassignByHand(given, two);
      emulator.reassignByHand(taken, null);
      // who unassigned a finding, and when, Datadog does not say: it shows as soon as it cannot be a lag of
      // the search
      shiftMs = LATER_MS;
      emulator.requests.reset();
      const seen = await refresh();
      assert.equal(seen.changes.update, 1, seen.stdout);
      assert.match(seen.stdout, /a: 1 finding is not as declared, nobody owns it now/);
      assert.match(seen.stdout, /a: 1 finding is not as declared, Ben Okafor owns it now/);
      for (const id of drifted) assert.ok(seen.stdout.includes(id), seen.stdout);
      assert.deepEqual(patched(emulator), [], "a refresh changes nothing in Datadog");
      const repaired = await up(spec);
      assert.equal(repaired.changes.update, 1, repaired.stdout);
      assert.deepEqual(patched(emulator), [drifted]);
      bed.assertOwners(ids, one);
    });

    it("keeps findings that vanished from the search in the state, and says so; one that may be missing is left out", async () => {
      const { emulator, ids, users, up } = await open();
      const [gone = "", ignored = ""] = [ids[0], ids[10]];
      const spec: Spec = {
        a: { findingIds: ids.slice(0, 10), assignee: users[0] },
        b: { findingIds: ids.slice(10), assignee: users[0], onMissing: "ignore" },
      };
      await up(spec);
      emulator.removeFinding(gone);
      emulator.removeFinding(ignored);
      shiftMs = LATER_MS;
      const seen = await refresh();
      assert.equal(seen.changes.update ?? 0, 0, seen.stdout);
      assert.ok(seen.stdout.includes(`because it may still exist: ${gone}`), seen.stdout);
      emulator.requests.reset();
      await up(spec);
      assert.deepEqual(patched(emulator), []);
    });

    it("without drift changes nothing, byte for byte", async () => {
      const { engine, ids, users, up } = await open();
      const spec: Spec = {
        a: { findingIds: ids.slice(0, 10), assignee: users[0] },
        b: { findingIds: ids.slice(10), secretAssignee: users[1], onMissing: "ignore" },
      };
      await up(spec);
      const before = bytes(await engine.exportState());
      for (shiftMs of [0, LATER_MS]) {
        const { changes, stdout } = await refresh();
        assert.equal(changes.update ?? 0, 0, stdout);
        assert.equal(bytes(await engine.exportState()), before);
      }
      const { changes } = await up(spec, { refresh: true });
      assert.equal(changes.update ?? 0, 0);
      assert.equal(bytes(await engine.exportState()), before);
    });
  });
}
