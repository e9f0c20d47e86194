import assert from "node:assert/strict";
import { type Scenario, scenario } from "../../support/scenario";

type Program = Readonly<Record<string, { readonly rules: readonly object[] }>>;

interface Story {
  readonly before: Program;
  readonly killed: Program;
  /** What somebody deploys instead of running it again. */
  readonly changed: Program;
  /** Whom the changed program gives all findings to. */
  readonly owner: string;
}

type Stories = (users: readonly string[], overwrite: boolean) => Story;

const FINDINGS = 150;
const all = (assignee = "", overwrite = false) => ({
  rules: [{ name: "all", query: "*", assignee, overwrite }],
});

const stories: Record<string, Stories> = {
  create: ([ada, ben = ""], overwrite) => ({
    before: {},
    killed: { security: all(ada, overwrite) },
    changed: { security: all(ben, overwrite) },
    owner: ben,
  }),
  update: ([ada, ben, chloe = ""], overwrite) => ({
    before: { security: all(ada, overwrite) },
    killed: { security: all(ben, overwrite) },
    changed: { security: all(chloe, overwrite) },
    owner: chloe,
  }),
  rename: ([ada, ben = "", chloe = ""], overwrite) => ({
    before: { security: all(ada, overwrite) },
    killed: { renamed: all(ben, overwrite) },
    changed: { security: all(chloe, overwrite) },
    owner: chloe,
  }),
  delete: ([ada, ben = ""], overwrite) => ({
    before: { security: all(ada, overwrite) },
    killed: {},
    changed: { security: all(ben, overwrite) },
    owner: ben,
  }),
};

const notWith = ({ emulator, ids }: Scenario, owner: string | null) =>
  ids.filter((id) => emulator.ownerOf(id) !== owner);

/** Kills a deployment at each of its requests, in a world of its own. @returns how many there were */
async function atEachRequest(
  storyOf: (users: readonly string[]) => Story,
  next: (world: Scenario, story: Story) => Promise<void>,
): Promise<number> {
  for (let nth = 1; ; nth++) {
    const world = scenario({ findings: FINDINGS, parallel: 8, latencyMs: 20 });
    const { clock, emulator, stack } = world;
    const story = storyOf(world.users);
    let seen = 0;
    const wasKilled = await clock.run(
      stack.up(story.before).then(async () => {
        await clock.sleep(1_200_000);
        emulator.onRequest = ({ phase }) => {
          if (phase === "after" && ++seen === nth) stack.kill();
        };
        const { killed } = await stack.up(story.killed);
        emulator.onRequest = undefined;
        await clock.sleep(1_200_000);
        if (killed) await next(world, story);
        return killed;
      }),
    );
    if (!wasKilled) return nth - 1;
  }
}

async function succeeds(deployed: ReturnType<Scenario["stack"]["up"]>): Promise<readonly string[]> {
  const { errors, printed } = await deployed;
  assert.deepEqual([...errors.values()], []);
  return printed;
}

describe("rules whose deployment is killed at any of its requests", () => {
  for (const [name, storyOf] of Object.entries(stories)) {
    it(`${name}: run again, they reach what is declared`, async () => {
      const kills = await atEachRequest(
        (users) => storyOf(users, false),
        async (world, { killed }) => {
          await succeeds(world.stack.up(killed));
          const [owner = null] = Object.values(killed).flatMap(({ rules }) =>
            rules.map((rule) => ("assignee" in rule ? String(rule.assignee) : null)),
          );
          assert.deepEqual(notWith(world, owner), []);
        },
      );
      assert.ok(kills >= 2, `killed at ${kills} requests only`);
    });

    it(`${name}: changed meanwhile, with overwrite, pulumi up --refresh reaches what they declare`, async () => {
      await atEachRequest(
        (users) => storyOf(users, true),
        async (world, { changed, owner }) => {
          await succeeds(world.stack.up(changed, { refresh: true }));
          assert.deepEqual(notWith(world, owner), []);
        },
      );
    });
  }

  for (const name of ["create", "update"]) {
    const storyOf = stories[name] ?? assert.fail();
    it(`${name}: changed meanwhile, without overwrite, they say what they leave alone; what was killed first, then the change, puts it right`, async () => {
      let left = 0;
      await atEachRequest(
        (users) => storyOf(users, false),
        async (world, { killed, changed, owner }) => {
          const printed = await succeeds(world.stack.up(changed, { refresh: true }));
          const { length } = notWith(world, owner);
          left = Math.max(left, length);
          const told =
            length > 100
              ? "more than 100 findings left alone, owned by others: of the first 100, 100 by "
              : `  ${length} ${length === 1 ? "finding" : "findings"} left alone`;
          if (length > 0) assert.ok(printed.join("\n").includes(told), printed.join("\n"));
          await world.clock.sleep(1_200_000);
          await succeeds(world.stack.up(killed));
          await world.clock.sleep(1_200_000);
          await succeeds(world.stack.up(changed));
          assert.deepEqual(notWith(world, owner), []);
        },
      );
      assert.equal(left, FINDINGS);
    });
  }
});
