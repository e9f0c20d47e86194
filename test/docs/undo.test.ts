import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keys, openTestbed } from "../deployment/testbed";
import { embeddedEngine } from "../engine";
import { pageOf, root } from "./pages";

/** A project of the page's program, in a folder of its own. */
function undoProject(folder: string): void {
  const quickstart = join(root, "examples", "quickstart");
  for (const file of ["package.json", "Pulumi.yaml", "tsconfig.json"])
    cpSync(join(quickstart, file), join(folder, file));
  const program = pageOf("docs/undo.md").blocks.find(({ language }) => language === "ts");
  writeFileSync(join(folder, "index.ts"), program?.text ?? "");
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
}

describe("the program of docs/undo.md", function () {
  this.timeout(120_000);

  it("gives findings back to whoever had them before a wrong up, and leaves alone what nobody had", async () => {
    const folder = mkdtempSync(join(tmpdir(), "findings-undo-"));
    undoProject(folder);
    const config = { ...keys, "datadog:changesFile": { value: join(folder, "changes.jsonl") } };
    const wrong = await openTestbed(embeddedEngine, { count: 6, config });
    const { emulator, ids, users } = wrong;
    const [one = "", two = "", mistaken = ""] = users;
    const former = new Map([one, one, two, two, null, null].map((owner, index) => [ids[index] ?? "", owner]));
    for (const [id, owner] of former) if (owner !== null) emulator.reassignByHand(id, owner);
    try {
      await wrong.up({ all: { findingIds: ids, assignee: mistaken } });
      wrong.assertOwners(ids, mistaken);
      await wrong.up({});
      wrong.assertOwners(ids, null);
      const undo = await openTestbed(embeddedEngine, { emulator, projectDir: folder });
      try {
        const { exitCode, stdout } = await undo.engine.up();
        assert.equal(exitCode, 0, stdout);
        for (const [id, owner] of former) assert.equal(emulator.ownerOf(id), owner);
      } finally {
        await undo.close();
      }
    } finally {
      await wrong.close();
      rmSync(folder, { recursive: true });
    }
  });
});
