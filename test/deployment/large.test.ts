import assert from "node:assert/strict";
import { embeddedEngine } from "../engine";
import { isMatrix } from "../support/isMatrix";
import { openTestbed, type Testbed } from "./testbed";

describe("large sets of findings", function () {
  this.timeout(300_000);
  let bed: Testbed;
  afterEach(() => bed.close());

  it("10,000 ids in one resource: 100 PATCHes, then none", async () => {
    bed = await openTestbed(embeddedEngine, { count: 10_000 });
    const spec = { a: { findingIds: bed.ids, assignee: bed.users[0] } };
    const preview = await bed.preview(spec);
    assert.equal(preview.exitCode, 0, preview.stdout);
    // who has them now, and the owner
    assert.deepEqual([bed.emulator.requests.count("search"), bed.emulator.requests.count()], [100, 101]);
    bed.emulator.requests.reset();
    await bed.up(spec);
    assert.deepEqual(new Set(bed.batches()), new Set([100]));
    assert.equal(bed.emulator.requests.count(), 100);
    bed.emulator.requests.reset();
    const again = await bed.up(spec);
    assert.equal(again.changes.update ?? 0, 0);
    assert.equal(bed.emulator.requests.count(), 0);
  });

  (isMatrix() ? it : it.skip)("a program of 100,000 ids: 1,000 PATCHes", async () => {
    bed = await openTestbed(embeddedEngine, { count: 100_000 });
    await bed.up({ a: { findingIds: bed.ids, assignee: bed.users[0] } });
    assert.equal(bed.emulator.requests.count(), 1_000);
    bed.assertOwners(bed.ids, bed.users[0]);
  });

  it("a state that is too large for the SDK's error is saved, the deployment fails, and nothing is deleted", async () => {
    bed = await openTestbed(embeddedEngine, { count: 3_001 });
    const [bad = "", dropped = "", ...rest] = bed.ids;
    const [assignee] = bed.users;
    await bed.up({ b: { findingIds: [dropped], assignee } });
    bed.emulator.failFinding(bad, { status: 409, title: "Conflict", detail: "locked", times: 1 });
    const spec = { a: { findingIds: [bad, ...rest], assignee } };
    const failed = await bed.tryUp(spec);
    assert.equal(failed.exitCode, 1);
    const error = failed.diagnostics.find(({ severity }) => severity === "error");
    assert.match(error?.message ?? "", /^a: 1 of 3,000 findings could not be assigned to /);
    assert.ok(error?.message.includes(`${bad}: 409 Conflict: locked`), error?.message);
    bed.assertOwners([dropped], assignee);
    // a failure of an earlier deployment fails no command that leaves it alone
    assert.equal((await bed.preview(spec)).exitCode, 0);
    assert.equal((await bed.engine.refresh()).exitCode, 0);

    bed.emulator.requests.reset();
    const healed = await bed.up(spec);
    assert.deepEqual(bed.batches(), [1, 1], "the failed one is assigned, the dropped one released");
    assert.deepEqual([healed.changes.update, healed.changes.delete], [1, 1]);
    bed.assertOwners([bad, ...rest], assignee);
    bed.assertOwners([dropped], null);
  });
});
