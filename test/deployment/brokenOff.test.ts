import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, type RequestEvent, SeededRandom } from "../emulator";
import { embeddedEngine } from "../engine";
import { nameOf } from "../engine/checkpoint";
import { startEngineProcess } from "./engineProcess";
import { openTestbed, type Spec, type Testbed } from "./testbed";

const FINDINGS = 1_000;
/** Always the same ones here; `npm run soak:kills` plays any number of others. */
const KILLS = Number(process.env["KILLS"] ?? 3);
const SEED = Number(process.env["SEED"] ?? 1);

/** A step in the life of 1,000 findings; each begins with what the one before it has left. */
interface Step {
  readonly name: string;
  readonly spec: Spec;
  readonly owner: string | null;
  /** The fewest requests that it takes: it can break off at each of them. */
  readonly requests: number;
}

function lifeOf({ ids, users }: Testbed): Step[] {
  const [one = "", two = ""] = users;
  return [
    { name: "create", spec: { a: { findingIds: ids, assignee: one } }, owner: one, requests: 10 },
    { name: "update", spec: { a: { findingIds: ids, assignee: two } }, owner: two, requests: 10 },
    { name: "delete", spec: {}, owner: null, requests: 20 },
  ];
}

interface Kill {
  readonly victim: "provider" | "engine" | "both";
  /** The request at which it happens, from 1. */
  readonly nth: number;
  readonly phase: RequestEvent["phase"];
}

const VICTIMS = ["provider", "engine", "both"] as const;
const PHASES = ["before", "after"] as const;

/**
 * Each life has all victims, each six lives each victim in each step, before and after the request took
 * effect.
 */
function killOf(life: number, step: number, requests: number, random: SeededRandom): Kill {
  const turn = life + step;
  return {
    victim: VICTIMS[turn % VICTIMS.length] ?? "both",
    nth: 1 + random.integer(requests),
    phase: PHASES[turn % PHASES.length] ?? "before",
  };
}

/** Deploys, where the engine is to be killed in a process of its own, and kills at a request. */
async function breakOff(bed: Testbed, spec: Spec, kill: Kill): Promise<void> {
  let provider = 0;
  let killEngine = () => {};
  const isKilled = killAt(bed.emulator, kill, () => {
    if (kill.victim !== "engine") process.kill(provider, "SIGKILL");
    killEngine();
  });
  const onProviderStart = (pid: number) => {
    provider = pid;
  };
  if (kill.victim === "provider") await bed.tryUp(spec, { onProviderStart });
  else {
    writeFileSync(join(bed.folder, "spec.json"), JSON.stringify(spec));
    const engine = startEngineProcess(bed.settings, onProviderStart);
    killEngine = engine.kill;
    await engine.ended;
  }
  bed.emulator.onRequest = undefined;
  if (kill.victim === "engine") orphans.push(provider);
  assert.ok(isKilled(), "nothing was killed");
}

/** Providers whose engine was killed. */
const orphans: number[] = [];

function killAt(emulator: Emulator, { nth, phase }: Kill, kill: () => void): () => boolean {
  let seen = 0;
  emulator.onRequest = (event) => {
    if (event.phase === phase && ++seen === nth) kill();
  };
  return () => seen >= nth;
}

async function playStep(bed: Testbed, step: Step, kill: Kill): Promise<void> {
  const { emulator } = bed;
  emulator.requests.reset();
  await breakOff(bed, step.spec, kill);
  const { pending_operations: pending = [] } = (await bed.engine.exportState()).deployment;
  assert.equal(pending.length, 1, "the state says what broke off");
  const before = emulator.requests.count("assignee");
  await bed.up(step.spec);
  bed.assertOwners(bed.ids, step.owner);
  const again = emulator.requests.count("assignee") - before;
  // A provider that outlives its engine ends what it has under way, at most 8 requests.
  const underWay = kill.victim === "engine" ? 8 : 0;
  assert.ok(again <= Math.ceil(FINDINGS / 100) + underWay, `${again} assignments after the kill`);
  assert.deepEqual((await bed.engine.exportState()).deployment.pending_operations ?? [], []);
}

function endOrphans(): void {
  for (const pid of orphans.splice(0)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  }
}

describe(`${KILLS} SIGKILLs in a create, update or delete of 1,000 findings (SEED=${SEED})`, () => {
  let reached = 0;
  after(() => console.log(`      ${reached} of ${KILLS} reach the declared state (SEED=${SEED})`));
  afterEach(endOrphans);

  for (let life = 0; 3 * life < KILLS; life++) {
    it(`run again, the declared state is reached, in as many assignments as without the kill (life ${life + 1})`, async function () {
      this.timeout(180_000);
      const random = new SeededRandom(SEED + life);
      // of its own: how many requests there are before the next kill is up to the processes
      const network = new SeededRandom(SEED + life);
      const bed = await openTestbed(embeddedEngine, {
        count: FINDINGS,
        latencyMs: () => 20 + network.integer(80),
        searchLagMs: random.pick([0, 30_000]),
      });
      try {
        for (const [index, step] of lifeOf(bed).entries()) {
          if (3 * life + index >= KILLS) break;
          const kill = killOf(life, index, step.requests, random);
          const what = `${step.name}: ${kill.victim} killed ${kill.phase} request ${kill.nth} took effect`;
          await playStep(bed, step, kill).catch((error: unknown) => {
            throw new Error(`${what}: ${error instanceof Error ? error.message : error}`, { cause: error });
          });
          reached++;
        }
      } finally {
        await bed.close();
      }
    });
  }
});

describe("a rename, with engine and provider killed between the create and the delete", () => {
  afterEach(endOrphans);

  it("keeps the owner when it is run again", async () => {
    const bed = await openTestbed(embeddedEngine, { count: 20 });
    const { emulator, engine, ids, settings, users, up } = bed;
    const declared = { findingIds: ids, assignee: users[0] };
    const state = async () => (await engine.exportState()).deployment;
    const names = async () => {
      const { resources = [] } = await state();
      return resources.flatMap(({ urn, type }) =>
        type.endsWith(":FindingsAssignment") ? [nameOf(urn)] : [],
      );
    };
    try {
      await up({ before: declared });
      const gate = join(bed.folder, "gate");
      writeFileSync(gate, "closed");
      writeFileSync(join(bed.folder, "spec.json"), JSON.stringify({ after: declared }));
      const killed = startEngineProcess(
        { ...settings, config: { ...settings.config, breakOff: { value: gate } } },
        (pid) => orphans.push(pid),
        (line) => {
          if (line !== "declared") return;
          endOrphans();
          killed.kill();
        },
      );
      await killed.ended;
      // the program has lost its engine, and may go
      writeFileSync(gate, "open");
      assert.deepEqual(await names(), ["after", "before"]);
      assert.deepEqual((await state()).pending_operations ?? [], []);
      await up({ after: declared });
      assert.deepEqual(await names(), ["after"]);
      bed.assertOwners(ids, users[0]);
      assert.ok(emulator.ownerChanges.every(({ to }) => to !== null));
    } finally {
      await bed.close();
    }
  });
});
