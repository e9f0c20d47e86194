import assert from "node:assert/strict";
import { join } from "node:path";
import { chooseEngines } from "../engine";
import { openTestbed } from "./testbed";

const root = join(__dirname, "..", "..");

for (const choice of chooseEngines()) {
  describe(`the quickstart where it stands, on the ${choice.name}`, () => {
    for (const [name, projectDir] of [
      ["from the repository's root", root],
      ["from its own folder", join(root, "examples", "quickstart")],
    ] as const) {
      it(`previews two owners of 250 findings, ${name}, without keys or requests`, async () => {
        const { emulator, engine, close } = await openTestbed(choice, { projectDir, config: {} });
        try {
          const { exitCode, changes, stdout } = await engine.preview();
          assert.equal(exitCode, 0, stdout);
          assert.deepEqual(changes, { create: 3 }, stdout);
          assert.match(stdout, /FindingsAssignment payments-critical/);
          assert.equal(emulator.requests.count(), 0);
        } finally {
          await close();
        }
      });
    }
  });
}
