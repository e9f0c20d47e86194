import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Emulator, exampleWorld } from "../emulator";
import { chooseEngines } from "../engine";
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

/** The handles of the teams that a file of examples/ownership names as on call, and how many files there are. */
function teamFiles(): { readonly files: number; readonly onCall: ReadonlySet<string> } {
  const folder = join(examples, "ownership", "teams");
  const names = readdirSync(folder);
  const texts = names.map((name) => readFileSync(join(folder, name), "utf8"));
  const handles = texts.flatMap((text) =>
    [...text.matchAll(/on-call:([\w-]+)/g)].map(([, handle]) => handle ?? ""),
  );
  return { files: names.length, onCall: new Set(handles) };
}

/** Each team's open findings are with its members, those of who is on call with one; the rest is as it was. */
function assertTeamsOwn(emulator: Emulator, before: ReadonlyMap<string, string | null>): void {
  const { files, onCall } = teamFiles();
  assert.equal(files, 40);
  assert.ok(onCall.size >= 10);
  const world = exampleWorld({ findingIds });
  const newOwners = new Map<string, Set<string>>();
  for (const { id, status, severity, tags } of world.findings) {
    const owner = emulator.ownerOf(id);
    const handle = tags.find((tag) => tag.startsWith("team:"))?.slice("team:".length) ?? "";
    const waits = handle === "mobile" && ["low", "info"].includes(severity);
    const isUrgent = handle === "payments" && ["critical", "high"].includes(severity);
    if (status !== "open" || waits || (before.get(id) !== null && !isUrgent)) {
      assert.equal(owner, before.get(id), id);
      continue;
    }
    const members = world.teams.find((team) => team.handle === handle)?.memberIds ?? [];
    assert.ok(owner !== null && members.includes(owner), `${id} of ${handle} is with ${owner}`);
    newOwners.set(handle, (newOwners.get(handle) ?? new Set()).add(owner));
  }
  for (const [handle, owners] of newOwners) if (onCall.has(handle)) assert.equal(owners.size, 1, handle);
  assert.ok(
    [...newOwners].some(([, { size }]) => size === 3),
    "some teams share",
  );
}

for (const choice of chooseEngines()) {
  describe(`the examples, as they are, against the emulator of \`npm run emulator\`, on the ${choice.name}`, () => {
    for (const example of ["quickstart", "ownership", "ownership-typescript"]) {
      it(`deploys and destroys ${example}${example === "ownership" ? ": forty teams in files, with on-call, spread and a fallback" : ""}`, async () => {
        const emulator = emulatorOfTheExamples();
        const before = emulator.owners();
        const bed = await openTestbed(choice, { projectDir: join(examples, example), emulator });
        try {
          const up = await bed.engine.up();
          assert.equal(up.exitCode, 0, up.stdout);
          assert.ok(emulator.touched.size >= 250, `${emulator.touched.size} findings assigned`);
          for (const [id, owner] of expected(example)) assert.equal(emulator.ownerOf(id), owner);
          if (example === "ownership") assertTeamsOwn(emulator, before);
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
}
