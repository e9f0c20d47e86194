import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Recording, readRecording, SERIALIZED } from "./fixtures/recording";
import { createDeployment, type DeploymentEngine, type DeploymentResult, type ProviderCall } from "./index";

const FOLDER = join(__dirname, "fixtures", "recordings");
const PROJECT = join(__dirname, "fixtures", "recorder");

/**
 * Where the recording itself shows a race: resources that are registered or deleted concurrently. The order
 * in which `a` (whose secret input takes the SDK longer to serialize) and its neighbour arrive at the engine
 * belongs to the SDK and to luck; two deletes of one wave end as the provider ends them. There the calls, and
 * the order of the state, are compared regardless of order.
 */
const RACES = new Set(["20-delete-fails", "21-destroy-fails"]);

/**
 * Here the neighbour of `a` fails, and what comes after a failure is not started: whether `a` is seen at all
 * would be decided by the same race. The program declares one after the other: the order of the recording.
 */
const ONE_AT_A_TIME = new Set(["19-create-fails"]);

/** The remote was changed by hand before these two. */
const HAND_EDITED: Record<string, Record<string, string[]>> = {
  "07-refresh-drift": { "fa-1": ["f2", "f3"] },
  "09-refresh-gone": {},
};

/** What the provider's remote holds before a recording: what its resources were last given. */
function remoteBefore(recording: Recording): Record<string, unknown> {
  const stored = recording.before.flatMap(({ id, type, outputs }) =>
    id && type.startsWith("pulumi-nodejs:") ? [[id, outputs?.["findingIds"]] as const] : [],
  );
  return HAND_EDITED[recording.scenario] ?? Object.fromEntries(stored);
}

/** Addresses, seeds, tokens and folders differ from run to run, the version and one greeting with the SDK. */
const VOLATILE = new Set([
  "randomSeed",
  "resourceStatusAddress",
  "resourceStatusToken",
  "engineAddress",
  "mapperTarget",
  "loaderTarget",
  "resolverTarget",
  "rootDirectory",
  "programDirectory",
  "acceptsByteString",
  "version",
  "created",
  "modified",
]);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function normalise(value: unknown, rename: (text: string) => string): Json {
  const clean = (part: Json): Json => {
    if (typeof part === "string") return rename(part);
    if (Array.isArray(part)) return part.map(clean);
    if (part === null || typeof part !== "object") return part;
    if (part["ciphertext"] !== undefined || part["plaintext"] !== undefined) return "a secret";
    return Object.fromEntries(
      Object.entries(part).flatMap(([key, field]) =>
        VOLATILE.has(key) ? [] : [[key, key === "__provider" ? SERIALIZED : clean(field)]],
      ),
    );
  };
  return clean(JSON.parse(JSON.stringify(value)));
}

const providerId = (calls: readonly Pick<ProviderCall, "method" | "request">[]): string | undefined => {
  const id = calls.find(({ method }) => method.endsWith("/Configure"))?.request["id"];
  return typeof id === "string" ? id : undefined;
};

/** In a race the order does not count; how often each element is there does. */
function assertSame(actual: Json[], expected: Json[], race: boolean, what: string): void {
  if (!race) return assert.deepEqual(actual, expected, what);
  const left = [...actual];
  for (const element of expected) {
    const at = left.findIndex((candidate) => isDeepStrictEqual(candidate, element));
    if (at === -1) assert.deepEqual(actual, expected, `${what}: missing ${JSON.stringify(element)}`);
    left.splice(at, 1);
  }
  assert.deepEqual(left, [], `${what}: more than was recorded`);
}

describe("the embedded engine conforms to the real one", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  const remote = join(folder, "remote.json");
  let serialized = "";

  const deployment = (recording: Recording): DeploymentEngine =>
    createDeployment({
      projectDir: PROJECT,
      stack: "dev",
      stateDir: join(folder, recording.scenario),
      env: {
        RECORDED_REMOTE: remote,
        RECORDED_PROVIDER: serialized,
        ...(ONE_AT_A_TIME.has(recording.scenario) && { RECORDED_IN_ORDER: "1" }),
      },
      config: {
        "datadog:apiKey": { value: "api-key-value", secret: true },
        "datadog:appKey": { value: "app-key-value", secret: true },
        "datadog:site": { value: "datadoghq.eu" },
        ...(recording.spec !== undefined && { spec: { value: recording.spec } }),
      },
    });

  async function replay(recording: Recording): Promise<[DeploymentResult, Json[]]> {
    writeFileSync(remote, JSON.stringify(remoteBefore(recording)));
    const engine = deployment(recording);
    const before = JSON.stringify(recording.before).replaceAll(
      JSON.stringify(SERIALIZED),
      JSON.stringify(serialized),
    );
    await engine.importState({ version: 3, deployment: { resources: JSON.parse(before) } });
    const result = await engine[recording.command]({
      parallel: ONE_AT_A_TIME.has(recording.scenario) ? 1 : 8,
    });
    const { deployment: after } = await engine.exportState();
    const theirs = providerId(recording.calls) ?? "";
    const ours = providerId(result.calls ?? []) ?? theirs;
    const rename = (text: string) => text.replaceAll(ours, theirs);
    const state = (after.resources ?? []).map((resource) => normalise(resource, rename));
    assert.deepEqual(after.pending_operations, undefined, "no operation is left open");
    const [calls, told] = [normalise(result.calls, rename), normalise(result.registered, rename)];
    const race = RACES.has(recording.scenario);
    const keep = (text: string) => text;
    assertSame(calls as Json[], normalise(recording.calls, keep) as Json[], race, "the provider's calls");
    assertSame(
      told as Json[],
      normalise(
        recording.registered.map(({ urn, id, object }) => ({ urn, id, outputs: object })),
        keep,
      ) as Json[],
      race,
      "what the program is told",
    );
    return [result, state];
  }

  before("the provider of this SDK, serialized", async () => {
    const first = readRecording(join(FOLDER, "01-preview-create.json"));
    const { calls = [] } = await deployment(first).preview();
    const check = calls.find(({ method }) => method.endsWith("/Check"));
    const { __provider } = check?.request["news"] as { __provider: string };
    serialized = __provider;
    assert.match(serialized, /exports\.handler/);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
  it("has all 23 recordings", () => assert.equal(files.length, 23));
  it("takes what is there twice for no substitute of what is missing, also where there is a race", () => {
    assertSame(["a", "b", "b"], ["b", "a", "b"], true, "same");
    for (const other of [
      ["a", "a", "b"],
      ["a", "b"],
      ["a", "b", "b", "b"],
    ])
      assert.throws(() => assertSame(other, ["b", "a", "b"], true, "another"), assert.AssertionError);
  });

  for (const file of files) {
    const recording = readRecording(join(FOLDER, file));
    it(`${recording.scenario}: ${recording.about}`, async () => {
      const [result, state] = await replay(recording);
      const errors = result.diagnostics.flatMap(({ severity, message }) =>
        severity === "error" ? [message.trimEnd()] : [],
      );
      assert.deepEqual(errors.sort(), [...recording.errors].sort());
      assert.equal(result.exitCode, recording.exitCode);
      assert.deepEqual(result.changes, recording.changes);
      const race = RACES.has(recording.scenario);
      assertSame(
        state,
        recording.after.map((resource) => normalise(resource, (text) => text)),
        race,
        "the state",
      );
    });
  }
});
