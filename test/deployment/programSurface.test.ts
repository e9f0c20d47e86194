import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { embeddedEngine } from "../engine";
import { openTestbed, type Testbed } from "./testbed";

/** What the program of `surfaceProgram` gives out. */
type Outputs = Record<string, unknown>;

describe("what a program sees of its resources", () => {
  let bed: Testbed;
  let outputs: Outputs;
  let rulesFile: string;
  before(async () => {
    bed = await openTestbed(embeddedEngine, { projectDir: join(__dirname, "surfaceProgram"), count: 6 });
    rulesFile = join(bed.folder, "rules.yaml");
    writeFileSync(
      rulesFile,
      JSON.stringify({ rules: [{ name: "rest", query: "*", assignee: bed.users[1], note: "the rest" }] }),
    );
    const pinned = { findingIds: bed.ids.slice(0, 2), assignee: bed.users[0] };
    const { changes } = await bed.preview({ pinned, file: { path: rulesFile } });
    assert.equal(changes.create, 3);
    ({ outputs } = await bed.up({ pinned, file: { path: rulesFile } }));
  });
  after(() => bed.close());

  it("the inputs are outputs, with their defaults", () => {
    const { pinned, ruled } = outputs;
    assert.deepEqual(pinned, {
      findingIds: [...bed.ids.slice(0, 2)].sort(),
      assignee: bed.users[0],
      onMissing: "fail",
      assigneeId: bed.users[0],
    });
    assert.deepEqual(ruled, {
      rules: [{ name: "rest", query: "*", assignee: bed.users[1], overwrite: false }],
      exclude: [...bed.ids.slice(0, 2)].sort(),
      onDelete: "unassign",
      releaseRemoved: false,
      results: [{ name: "rest", assigneeId: bed.users[1], assigned: 4 }],
    });
  });

  it("rules from a file make a resource of the name that stands before the path", () => {
    assert.equal(outputs["named"], "security");
  });

  it("isInstance tells the resources apart", () => {
    assert.deepEqual(outputs["kinds"], [true, false, false, true]);
  });

  it("a function waits for the resources that it depends on", () => {
    assert.equal(outputs["owned"], 2);
  });

  it("what the class adds to the inputs is in one property, which the engine shows to nobody", async () => {
    const { resources = [] } = (await bed.engine.exportState()).deployment;
    const [stored] = resources.filter(({ type }) => type.endsWith(":FindingsAssignment"));
    assert.deepEqual(Object.keys(stored?.inputs ?? {}).sort(), [
      "__provider",
      "__resource",
      "assignee",
      "findingIds",
    ]);
    const shown = Object.keys(stored?.outputs ?? {}).filter((name) => !name.startsWith("__"));
    assert.ok(!shown.includes("resourceName"), shown.join());
  });
});
