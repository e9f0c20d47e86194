import assert from "node:assert/strict";
import { assertOwners, type Program, play, upCleanly } from "../../support/play";
import type { Scenario } from "../../support/scenario";

const FINDINGS = 1_000;
/** Longer than any request takes; a person needs that long to run it again. */
const MOMENT_MS = 10_000;

interface Story {
  /** What was deployed before. */
  readonly before: (s: Scenario, user: string, other: string) => Program;
  /** What breaks off and is run again. */
  readonly after: (s: Scenario, user: string, other: string) => Program;
  /** How many PATCHes it takes where nothing breaks off. */
  readonly assignments: number;
}

const stories: Record<string, Story> = {
  create: {
    before: () => ({}),
    after: (s, user) => ({ a: { findingIds: s.ids, assignee: user } }),
    assignments: 10,
  },
  "update of the assignee": {
    before: (s, user) => ({ a: { findingIds: s.ids, assignee: user } }),
    after: (s, _, other) => ({ a: { findingIds: s.ids, assignee: other } }),
    assignments: 10,
  },
  "update of the set": {
    before: (s, user) => ({ a: { findingIds: s.ids.slice(0, 500), assignee: user } }),
    after: (s, user) => ({ a: { findingIds: s.ids.slice(500), assignee: user } }),
    assignments: 10,
  },
  "move between resources": {
    before: (s, user, other) => ({
      a: { findingIds: s.ids.slice(0, 500), assignee: user },
      b: { findingIds: s.ids.slice(500), assignee: other },
    }),
    after: (s, user, other) => ({
      a: { findingIds: s.ids.slice(500), assignee: user },
      b: { findingIds: s.ids.slice(0, 500), assignee: other },
    }),
    assignments: 10,
  },
  delete: {
    before: (s, user) => ({ a: { findingIds: s.ids, assignee: user } }),
    after: () => ({}),
    assignments: 10,
  },
};

function assertDeclared(s: Scenario, program: Program): void {
  const declared = new Set<string>();
  for (const { findingIds, assignee } of Object.values(program)) {
    assert.ok(Array.isArray(findingIds) && typeof assignee === "string");
    assertOwners(s, findingIds.map(String), assignee);
    for (const id of findingIds) declared.add(String(id));
  }
  assertOwners(
    s,
    s.ids.filter((id) => !declared.has(id)),
    null,
  );
}

/** Breaks off at the nth request. @returns whether there was one */
async function playBroken(story: Story, nth: number, phase: "before" | "after"): Promise<boolean> {
  let broke = false;
  const undisturbed = story.assignments;
  await play(
    { findings: FINDINGS, latencyMs: 200, searchLagMs: 30_000, seed: nth },
    async (s, user, other) => {
      await upCleanly(s, story.before(s, user, other));
      s.emulator.requests.reset();
      let seen = 0;
      s.emulator.onRequest = (event) => {
        if (event.phase === phase && ++seen === nth) s.provider.kill();
      };
      const program = story.after(s, user, other);
      const { killed } = await s.provider.up(program);
      broke = killed;
      s.emulator.onRequest = undefined;
      if (!killed) return;
      await s.clock.sleep(MOMENT_MS);
      const before = s.emulator.requests.count("assignee");
      await upCleanly(s, program);
      assertDeclared(s, program);
      const again = s.emulator.requests.count("assignee") - before;
      assert.ok(again <= undisturbed, `${again} assignments after the kill, ${undisturbed} without one`);
    },
  );
  return broke;
}

describe("killed at any request, run again", () => {
  for (const [name, story] of Object.entries(stories)) {
    for (const phase of ["before", "after"] as const) {
      it(`${name} of 1,000 findings is reached, in no more assignments than without a kill (${phase} it takes effect)`, async () => {
        let nth = 1;
        while (await playBroken(story, nth, phase)) nth++;
        assert.ok(nth > 5, `broken off at ${nth - 1} requests only`);
      });
    }
  }
});

describe("killed fifty times at random points", () => {
  it("reaches the declared state each time", async () => {
    let reached = 0;
    for (let run = 0; run < 50; run++) {
      const story = Object.values(stories)[run % 5];
      if (story && (await playBroken(story, 1 + ((run * 7) % 10), run % 2 === 0 ? "before" : "after")))
        reached++;
    }
    assert.equal(reached, 50);
  });
});
