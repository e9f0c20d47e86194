import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Emulator, exampleWorld } from "../emulator";
import { embeddedEngine } from "../engine";
import { openTestbed } from "./testbed";

const examples = join(__dirname, "..", "..", "examples");
const owners: Record<string, { assignee: string; findingIds: string[] }> = JSON.parse(
  readFileSync(join(examples, "quickstart", "owners.json"), "utf8"),
);
const findingIds = Object.values(owners).flatMap((owner) => owner.findingIds);

/** The emulator as `npm run emulator` starts it. */
function emulatorOfTheExamples(): Emulator {
  return new Emulator(exampleWorld({ findingIds }));
}

/** The owner of each finding that the example names by its id. */
function expected(example: string): Map<string, string> {
  const assigned = example === "quickstart" ? Object.values(owners) : [];
  return new Map(assigned.flatMap(({ assignee, findingIds }) => findingIds.map((id) => [id, assignee])));
}

describe("the examples, as they are, against the emulator of `npm run emulator`", () => {
  for (const example of ["quickstart", "ownership", "ownership-typescript"]) {
    it(`deploys and destroys ${example}`, async () => {
      const emulator = emulatorOfTheExamples();
      const before = emulator.owners();
      const bed = await openTestbed(embeddedEngine, { projectDir: join(examples, example), emulator });
      try {
        const up = await bed.engine.up();
        assert.equal(up.exitCode, 0, up.stdout);
        assert.ok(emulator.touched.size >= 250, `${emulator.touched.size} findings assigned`);
        for (const [id, owner] of expected(example)) assert.equal(emulator.ownerOf(id), owner);
        const destroyed = await bed.engine.destroy();
        assert.equal(destroyed.exitCode, 0, destroyed.stdout);
        const kept = [...emulator.owners()].filter(
          ([id, owner]) => owner !== null && before.get(id) === null,
        );
        assert.deepEqual(kept, []);
      } finally {
        await bed.close();
      }
    });
  }
});
