import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { exampleWorld } from "../emulator";
import { chooseEngines } from "../engine";
import { openTestbed, type Testbed } from "./testbed";

const examples = join(__dirname, "..", "..", "examples");
const TRANSPILE_ONLY = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
}

/** How many findings an up says that it assigned, in all and to whom, by the line of its result. */
function assignedIn(stdout: string): { total: number; shares: number[] } {
  const [, total = "", shares = ""] = /: ([\d,]+) findings assigned: (.*)/.exec(stdout) ?? [];
  const numberOf = (text: string) => Number(text.replaceAll(",", ""));
  const each = [...shares.matchAll(/([\d,]+) to /g)].map(([, number = ""]) => numberOf(number));
  return { total: numberOf(total), shares: each };
}

/** The same as the emulator holds it; ten owners are told. */
function heldNow({ emulator }: Testbed, before: ReadonlyMap<string, string | null>) {
  const counts = new Map<string | null, number>();
  for (const [id, owner] of emulator.owners())
    if (owner !== before.get(id)) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const shares = [...counts.values()].sort((one, other) => other - one);
  return { total: shares.reduce((sum, each) => sum + each, 0), shares: shares.slice(0, 10) };
}

for (const engine of chooseEngines()) {
  describe(`what an up reports on the ${engine.name}`, () => {
    let bed: Testbed;
    afterEach(() => bed.close());

    it("is what Datadog holds, also on a new stack against fresh data a moment after another deployment", async () => {
      const world = exampleWorld({ count: 300 });
      bed = await openTestbed(engine, {
        ...world,
        projectDir: join(examples, "ownership"),
        env: TRANSPILE_ONLY,
      });
      const first = await bed.engine.up();
      assert.equal(first.exitCode, 0, first.stdout);
      bed.emulator.restart();
      const before = bed.emulator.owners();
      bed.emulator.requests.reset();

      const second = engine.create({
        ...bed.settings,
        stack: "second",
        stateDir: join(bed.folder, "second-state"),
      });
      const up = await second.up();
      assert.equal(up.exitCode, 0, up.stdout);
      const changed = [...bed.emulator.owners()].filter(([id, owner]) => owner !== before.get(id)).length;
      assert.ok(changed > 100);
      assert.match(up.stdout, new RegExp(`: ${changed} findings to change by \\d+ rules`));
      assert.equal(up.outputs.lastUpdateAssigned, changed);
      assert.equal(bed.emulator.touched.size, changed);
      assert.deepEqual(assignedIn(up.stdout), heldNow(bed, before));
      assert.equal(first.outputs.lastUpdateAssigned, changed, "the same data, the same numbers");
      const again = await second.up();
      assert.equal(again.changes.update ?? 0, 0, again.stdout);
    });

    it("needs no file beside Pulumi's own: HOME and PULUMI_HOME may be read-only, and nothing new stands anywhere", async () => {
      bed = await openTestbed(engine, { count: 20 });
      const home = join(bed.folder, "sealed");
      mkdirSync(home);
      chmodSync(home, 0o500);
      // The CLI itself keeps its own files under PULUMI_HOME.
      const ownHome = engine.name === "embedded engine" ? { PULUMI_HOME: home } : {};
      const env = { ...bed.settings.env, HOME: home, ...ownHome };
      const sealed = engine.create({ ...bed.settings, env });
      const program = filesIn(join(__dirname, "program"));
      const declared = { a: { findingIds: bed.ids, assignee: bed.users[0] } };
      await bed.preview(declared);
      const up = await sealed.up();
      assert.equal(up.exitCode, 0, up.stdout);
      bed.assertOwners(bed.ids, bed.users[0]);
      const destroyed = await sealed.destroy();
      assert.equal(destroyed.exitCode, 0, destroyed.stdout);
      bed.assertOwners(bed.ids, null);
      assert.deepEqual(filesIn(home), []);
      assert.deepEqual(filesIn(join(__dirname, "program")), program);
      const ours = filesIn(bed.folder).filter((file) => /datadog|findings/i.test(file));
      assert.deepEqual(
        ours.filter((file) => !file.startsWith("state")),
        [],
      );
    });
  });
}
