import assert from "node:assert/strict";
import type { DeploymentResult } from "../engine";
import { type Front, type FrontBed, openFrontBed, type Resources } from "./frontBed";

/** What somebody sees who looks at Datadog and at the stack: after each step of a story. */
interface Seen {
  readonly exitCode: number;
  readonly changes: DeploymentResult["changes"];
  readonly requests: readonly string[];
  readonly owners: Readonly<Record<string, string | null>>;
  readonly states: unknown;
}

type Step = (bed: FrontBed, front: Front) => Promise<DeploymentResult>;

/** Plays the steps, each in a deployment of its own. */
async function play(front: Front, steps: readonly Step[]): Promise<Seen[]> {
  const bed = await openFrontBed({ count: 12 });
  try {
    const seen: Seen[] = [];
    for (const step of steps) {
      const { exitCode, changes } = await step(bed, front);
      const owners = Object.fromEntries(bed.emulator.owners());
      seen.push({ exitCode, changes, requests: bed.takeRequests(), owners, states: await statesOf(bed) });
    }
    return seen;
  } finally {
    await bed.close();
  }
}

/** Outputs that are as usual, which the dynamic provider's state leaves out. */
const USUAL: Readonly<Record<string, unknown>> = {
  onMissing: "fail",
  onDelete: "unassign",
  releaseRemoved: false,
};

/**
 * Inputs and outputs, without what only the dynamic provider needs, without times, and secrets by their mark
 * alone.
 */
async function statesOf(bed: FrontBed): Promise<unknown> {
  // In the order of their names: they are deployed at the same time.
  const stored = [...(await bed.stored())].sort((one, other) => (one.urn < other.urn ? -1 : 1));
  return stored.map(({ urn, inputs, outputs, initErrors }) => ({
    name: urn.split("::").at(-1),
    inputs: comparable(inputs ?? {}),
    outputs: comparable(outputs ?? {}),
    initErrors,
  }));
}

function comparable(properties: object): unknown {
  const kept = Object.entries(properties).filter(
    ([name, value]) =>
      !name.startsWith("__") &&
      USUAL[name] !== value &&
      !(name === "exclude" && Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutTimes(value)]));
}

function withoutTimes(value: unknown): unknown {
  if (typeof value === "string") {
    if (/^127\.0\.0\.1:\d+$/.test(value)) return "the emulator";
    return /^\d{4}-\d\d-\d\dT/.test(value) ? "a time" : value;
  }
  if (Array.isArray(value)) return value.map(withoutTimes);
  if (typeof value !== "object" || value === null) return value;
  if ("ciphertext" in value) return "a secret";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutTimes(item)]));
}

const up =
  (resources: (bed: FrontBed) => Resources): Step =>
  (bed, front) =>
    bed.deploy(front, resources(bed));
const destroy: Step = (bed) => bed.engine.destroy();
const emailOf = (bed: FrontBed, index: number) =>
  bed.emulator.users.filter((user) => !user.disabled)[index]?.email ?? "";

const stories: Record<string, readonly Step[]> = {
  "lists, one of a secret owner, and rules: moves between them, a rule that goes, and the end": [
    up((bed) => ({
      a: { findingIds: bed.ids.slice(0, 4), assignee: emailOf(bed, 0) },
      b: { findingIds: bed.ids.slice(4, 8), secretAssignee: emailOf(bed, 1) },
      rules: rulesOf(bed, [
        { name: "critical", query: "@severity:critical", assignee: emailOf(bed, 0) },
        { name: "others", query: "*", assignee: emailOf(bed, 1) },
      ]),
    })),
    up((bed) => ({
      a: { findingIds: bed.ids.slice(2, 4), assignee: emailOf(bed, 0) },
      b: { findingIds: [...bed.ids.slice(4, 8), bed.ids[0]], secretAssignee: emailOf(bed, 1) },
      rules: rulesOf(bed, [{ name: "others", query: "*", assignee: emailOf(bed, 1) }]),
    })),
    destroy,
  ],
  "a finding that fails, drift, and their repair": [
    up((bed) => ({ a: { findingIds: [...bed.ids.slice(0, 3), "no-such"], assignee: bed.users[0] } })),
    (bed) => {
      // To the second, in which Datadog tells times, it would else be as if it came before.
      bed.pass(5_000);
      bed.emulator.reassignByHand(bed.ids[1] ?? "", bed.users[2] ?? "");
      return bed.engine.refresh();
    },
    up((bed) => ({ a: { findingIds: bed.ids.slice(0, 3), assignee: bed.users[0] } })),
  ],
};

/** Rules for what the lists leave. */
function rulesOf(bed: FrontBed, rules: readonly object[]) {
  return { type: "FindingsOwnership", exclude: bed.ids.slice(0, 8), rules };
}

describe("both fronts", function () {
  this.timeout(180_000);
  for (const [name, steps] of Object.entries(stories)) {
    it(`tell the same of ${name}: same requests, same owners, same states`, async () => {
      const dynamic = await play("dynamic", steps);
      const plugin = await play("plugin", steps);
      assert.ok(dynamic.some(({ requests }) => requests.some((request) => request.startsWith("PATCH"))));
      for (const [index, expected] of dynamic.entries())
        assert.deepEqual(plugin[index], expected, `step ${index}`);
    });
  }
});
