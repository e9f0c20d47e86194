import assert from "node:assert/strict";
import { Emulator, inProcessSend, SeededRandom, SimulatedClock, seedFindings } from "../emulator";
import type { Props } from "../stack/providerProcess";
import { Stack } from "../stack/stack";
import type { DeploymentResult } from "../stack/stackOptions";
import { LAG_IS_ASSUMED_MS } from "./oracle/stackRecord";

const FINDINGS = 250;

type Program = Readonly<
  Record<string, { readonly findingIds: readonly string[]; readonly assignee: string }>
>;

interface Story {
  readonly before: Program;
  /** What is killed. */
  readonly killed: Program;
  /** What somebody deploys instead of running it again. */
  readonly changed: Program;
}

type Phase = "before" | "after";

const owners = new Emulator().users.filter(({ disabled }) => !disabled).map(({ id }) => id);
const [ada = "", ben = "", chloe = ""] = owners;
const ids = seedFindings({ count: FINDINGS }).map(({ id }) => id);
const half = FINDINGS / 2;

const assigned = (findingIds: readonly string[], assignee: string) => ({ findingIds, assignee });

const stories: Readonly<Record<string, Story>> = {
  create: {
    before: {},
    killed: { a: assigned(ids, ada) },
    changed: { a: assigned(ids, ben) },
  },
  "create beside another resource": {
    before: { a: assigned(ids.slice(0, half), ada) },
    killed: { a: assigned(ids.slice(0, half), ada), b: assigned(ids.slice(half), ben) },
    changed: { a: assigned(ids.slice(half), ada), b: assigned(ids.slice(0, half), ben) },
  },
  "update of the assignee": {
    before: { a: assigned(ids, ada) },
    killed: { a: assigned(ids, ben) },
    changed: { a: assigned(ids, ada) },
  },
  "update of the set": {
    before: { a: assigned(ids.slice(0, half), ada) },
    killed: { a: assigned(ids.slice(half), ada) },
    changed: { a: assigned(ids.slice(0, half), chloe), b: assigned(ids.slice(half), ben) },
  },
  rename: {
    before: { a: assigned(ids, ada) },
    killed: { b: assigned(ids, ada) },
    changed: { a: assigned(ids, ada) },
  },
  "rename for another assignee": {
    before: { a: assigned(ids, ada) },
    killed: { b: assigned(ids, ben) },
    changed: { a: assigned(ids, ada) },
  },
  move: {
    before: { a: assigned(ids.slice(0, half), ada), b: assigned(ids.slice(half), ben) },
    killed: { a: assigned(ids.slice(half), ada), b: assigned(ids.slice(0, half), ben) },
    changed: { a: assigned(ids.slice(0, half), ada), b: assigned(ids.slice(half), ben) },
  },
  delete: {
    before: { a: assigned(ids, ada) },
    killed: {},
    changed: { a: assigned(ids.slice(0, half), ada), b: assigned(ids.slice(half), ben) },
  },
};

/** A stack with what was deployed before, in a world of its own. */
class Played {
  readonly clock = new SimulatedClock();
  readonly emulator = new Emulator({
    clock: this.clock,
    findings: seedFindings({ count: FINDINGS }),
    searchLagMs: 30_000,
    latencyMs: 200,
  });
  readonly stack: Stack;

  constructor() {
    const random = new SeededRandom(1);
    this.stack = new Stack({
      clock: this.clock,
      random: () => random.next(),
      connect: () => inProcessSend(this.emulator),
      parallel: 16,
    });
  }

  async up(program: Program, refresh = false): Promise<DeploymentResult> {
    const inputs: Record<string, Props> = Object.fromEntries(
      Object.entries(program).map(([name, args]) => [name, { ...args }]),
    );
    const result = await this.stack.up(inputs, { refresh });
    assert.deepEqual([...result.errors.values()], []);
    return result;
  }

  /** @returns whether there was such a request */
  async killAt(program: Program, nth: number, phase: Phase): Promise<boolean> {
    let seen = 0;
    this.emulator.onRequest = (event) => {
      if (event.phase === phase && ++seen === nth) this.stack.kill();
    };
    const { killed } = await this.up(program);
    this.emulator.onRequest = undefined;
    // Longer than any request takes to take effect.
    await this.clock.sleep(10_000);
    return killed;
  }

  assertDeclared(program: Program): void {
    for (const { findingIds, assignee } of Object.values(program)) {
      const others = findingIds.filter((id) => this.emulator.ownerOf(id) !== assignee);
      assert.deepEqual(others, [], `not owned by ${assignee}`);
    }
  }

  assertNobodyElses(program: Program): void {
    const declared = new Set(Object.values(program).flatMap(({ findingIds }) => findingIds));
    const left = ids.filter((id) => !declared.has(id) && this.emulator.ownerOf(id) !== null);
    assert.deepEqual(left, [], "declared no more, and still owned");
  }
}

function play(story: (played: Played) => Promise<void>): Promise<void> {
  const played = new Played();
  return played.clock.run(story(played));
}

/** Assignments that a deployment sends when nothing goes wrong. */
async function undisturbed({ before, killed }: Story): Promise<number> {
  let assignments = 0;
  await play(async (played) => {
    await played.up(before);
    played.emulator.requests.reset();
    await played.up(killed);
    assignments = played.emulator.requests.count("assignee");
  });
  return assignments;
}

/** Plays a story for a kill at each request. @returns how many there were */
async function atEachRequest(
  { before, killed }: Story,
  phase: Phase,
  next: (played: Played) => Promise<void>,
): Promise<number> {
  for (let nth = 1; ; nth++) {
    let wasKilled = false;
    await play(async (played) => {
      await played.up(before);
      wasKilled = await played.killAt(killed, nth, phase);
      if (wasKilled) await next(played);
    }).catch((error: unknown) => {
      throw new Error(`killed ${phase} request ${nth}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    });
    if (!wasKilled) return nth - 1;
  }
}

describe("a deployment that is killed at any of its requests", () => {
  for (const [name, story] of Object.entries(stories)) {
    for (const phase of ["before", "after"] as const) {
      it(`${name}: run again, it reaches what is declared in as many assignments as without the kill (${phase} the request takes effect)`, async () => {
        const most = await undisturbed(story);
        const kills = await atEachRequest(story, phase, async (played) => {
          played.emulator.requests.reset();
          await played.up(story.killed);
          played.assertDeclared(story.killed);
          played.assertNobodyElses(story.killed);
          const sent = played.emulator.requests.count("assignee");
          assert.ok(sent <= most, `${sent} assignments, ${most} without the kill`);
        });
        if (name !== "rename") assert.ok(kills >= Math.ceil(half / 100), `killed at ${kills} requests only`);
      });

      it(`${name}: with another program, pulumi up --refresh reaches what that declares (${phase} the request takes effect)`, async () => {
        await atEachRequest(story, phase, async (played) => {
          await played.clock.sleep(LAG_IS_ASSUMED_MS + 60_000);
          await played.up(story.changed, true);
          played.assertDeclared(story.changed);
          played.assertNobodyElses(story.changed);
        });
      });
    }
  }
});
