import assert from "node:assert/strict";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, type Emulator, type Permission, wallClock } from "../emulator";
import { type Checkpoint, chooseEngines, type DeploymentResult } from "../engine";
import { openTestbed, type Spec, type Testbed, type TestbedOptions } from "./testbed";

/** Longer than the search may lag. */
const LATER_MS = 10 * 60_000;

/**
 * When the engine looked is no content, nor is how it encrypts the same secret anew; of lists that say
 * nothing it keeps the empty ones only until the first refresh.
 */
const passing = new Set(["time", "modified", "propertyDependencies", "ciphertext"]);

function bytes(state: Checkpoint): string {
  return JSON.stringify(state, (key, value) => (passing.has(key) ? undefined : value), 1);
}

function permit(emulator: Emulator, ...permissions: Permission[]): void {
  emulator.keys.replace([{ apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY, permissions }]);
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

    for (const way of ["pulumi refresh", "up --refresh"] as const) {
      it(`${way}: an owner that changed appears as a change of the resource, and just that is repaired`, async () => {
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
        if (way === "pulumi refresh") {
          const seen = await refresh();
          assert.equal(seen.changes.update, 1, seen.stdout);
          assert.match(seen.stdout, /a: 1 finding is not as declared, nobody has it now/);
          assert.match(seen.stdout, /a: 1 finding is not as declared, Ben Okafor has it now/);
          for (const id of drifted) assert.ok(seen.stdout.includes(id), seen.stdout);
          assert.deepEqual(patched(emulator), [], "a refresh changes nothing in Datadog");
        }
        const repaired = await up(spec, { refresh: way === "up --refresh" });
        assert.equal(repaired.changes.update, 1, repaired.stdout);
        assert.deepEqual(patched(emulator), [drifted]);
        bed.assertOwners(ids, one);
      });
    }

    it("keeps a finding that vanished from the search in the state, and says so", async () => {
      const { emulator, ids, users, up } = await open();
      const [gone = ""] = ids;
      const spec = { a: { findingIds: ids, assignee: users[0] } };
      await up(spec);
      emulator.removeFinding(gone);
      shiftMs = LATER_MS;
      const seen = await refresh();
      assert.equal(seen.changes.update ?? 0, 0, seen.stdout);
      assert.ok(seen.stdout.includes(`until a request proves otherwise: ${gone}`), seen.stdout);
      emulator.requests.reset();
      await up(spec);
      assert.deepEqual(patched(emulator), []);
    });

    it("leaves out a finding that vanished where the program says so, without a change of what is declared", async () => {
      const { emulator, ids, users, up } = await open();
      const [gone = ""] = ids;
      const spec = { a: { findingIds: ids, assignee: users[0], onMissing: "ignore" } };
      await up(spec);
      emulator.removeFinding(gone);
      shiftMs = LATER_MS;
      await refresh();
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

    it("takes at most 12 requests for a refresh of 100 resources of 10 findings", async () => {
      const { emulator, ids, users, up } = await open({ count: 1_000, latencyMs: 50 });
      const spec: Spec = {};
      for (let index = 0; index < 100; index++) {
        spec[`r${index}`] = { findingIds: ids.slice(10 * index, 10 * index + 10), assignee: users[0] };
      }
      await up(spec);
      emulator.requests.reset();
      const { changes } = await refresh(32);
      assert.equal(changes.update ?? 0, 0);
      assert.ok(emulator.requests.count() <= 12, `${emulator.requests.count()} requests`);
    });

    it("takes no lag of the search just after the up for drift", async () => {
      const { engine, emulator, ids, users, up } = await open({ searchLagMs: LATER_MS });
      const spec = { a: { findingIds: ids, assignee: users[0] } };
      await up(spec);
      const before = bytes(await engine.exportState());
      assert.equal((await refresh()).changes.update ?? 0, 0);
      assert.equal(bytes(await engine.exportState()), before);
      emulator.requests.reset();
      await up(spec, { refresh: true });
      assert.deepEqual(patched(emulator), []);
    });

    it("leaves a colleague's finding alone on delete, with a printed note", async () => {
      const { emulator, engine, ids, users, up } = await open();
      const [one, two = ""] = users;
      await up({ a: { findingIds: ids, assignee: one } });
      const [theirs = "", ...ours] = ids;
      // Datadog's answers tell the time in whole seconds: nobody's hand is quicker.
      shiftMs = 2_000;
      emulator.reassignByHand(theirs, two);
      const destroyed = await engine.destroy();
      assert.equal(destroyed.exitCode, 0, destroyed.stdout);
      assert.match(
        destroyed.stdout,
        /a: 1 finding left alone, because somebody has given it to another user/,
      );
      assert.ok(destroyed.stdout.includes(theirs), destroyed.stdout);
      bed.assertOwners([theirs], two);
      bed.assertOwners(ours, null);
    });

    it("warns, naming the permission, where the keys may not search, and the state stays", async () => {
      const { emulator, engine, ids, users, up } = await open();
      await up({ a: { findingIds: ids, assignee: users[0] } });
      const before = bytes(await engine.exportState());
      emulator.reassignByHand(ids[0] ?? "", users[1] ?? "");
      permit(emulator, "write", "users");
      const { changes, stdout } = await refresh();
      assert.equal(changes.update ?? 0, 0);
      assert.match(stdout, /a: cannot tell whether somebody has changed owners by hand/);
      assert.match(stdout, /security_monitoring_findings_read or appsec_vm_read/);
      assert.equal(bytes(await engine.exportState()), before);
    });
  });
}
