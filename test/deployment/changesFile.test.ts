import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedEngine } from "../engine";
import { keys, openTestbed } from "./testbed";

describe("datadog:changesFile", () => {
  it("gets a line for each finding that changed owner: id, from, to, resource, and when", async () => {
    const folder = mkdtempSync(join(tmpdir(), "changes-"));
    const file = join(folder, "changes.jsonl");
    const config = { ...keys, "datadog:changesFile": { value: file } };
    const bed = await openTestbed(embeddedEngine, { count: 3, config });
    try {
      const lines = () =>
        readFileSync(file, "utf8")
          .trimEnd()
          .split("\n")
          .map((line): Record<string, unknown> => JSON.parse(line));
      const [ada] = bed.emulator.users;
      await bed.up({ a: { findingIds: bed.ids, assignee: ada?.email } });
      const assigned = lines();
      assert.deepEqual(assigned.map(({ id }) => id).sort(), [...bed.ids].sort());
      for (const { from, to, resource, acceptedAt } of assigned) {
        assert.equal(from, null);
        assert.deepEqual(to, { id: ada?.id, name: "Ada Moreau", email: "ada.moreau@example.com" });
        assert.equal(resource, "a");
        assert.match(String(acceptedAt), /^\d{4}-\d\d-\d\dT/);
      }
      await bed.up({ a: { findingIds: bed.ids.slice(1), assignee: ada?.email } });
      const [released, ...others] = lines().slice(3);
      assert.deepEqual([released?.id, released?.to, others], [bed.ids[0], null, []]);
    } finally {
      await bed.close();
      rmSync(folder, { recursive: true });
    }
  });

  it("is refused before anything is sent where it cannot be written", async () => {
    const file = join(tmpdir(), "no-such-folder", "changes.jsonl");
    const config = { ...keys, "datadog:changesFile": { value: file } };
    const bed = await openTestbed(embeddedEngine, { count: 3, config });
    try {
      const assignee = bed.emulator.users[0]?.email;
      const { exitCode, stdout } = await bed.tryUp({ a: { findingIds: bed.ids, assignee } });
      assert.notEqual(exitCode, 0);
      assert.match(
        stdout,
        /datadog:changesFile is ".*no-such-folder.*": this file cannot be written: ENOENT/,
      );
      assert.equal(bed.emulator.requests.count({ family: "assignee" }), 0);
    } finally {
      await bed.close();
    }
  });
});
