import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type EmulatorServer, seedFindings, seedUsers, startEmulator } from "../emulator";
import type { PropertyMap } from "../engine/properties";
import { ProviderError } from "../engine/providerError";
import { type OpenPlugin, openPlugin } from "./openPlugin";

const FOLDER = join(__dirname, "fixtures", "conversations");

const properties = z.custom<PropertyMap>((value) => typeof value === "object" && value !== null);
const step = z.object({
  /**
   * A conversation may be with several processes: one that is asked, one that works, one for what is
   * replaced.
   */
  process: z.number(),
  method: z.string(),
  request: properties,
  expect: z
    .object({
      failures: z.number(),
      inputs: properties,
      properties,
      changes: z.number(),
      detailed: z.record(z.string(), z.string()),
      replaces: z.boolean(),
      supportsPreview: z.boolean(),
      /** Of a function. */
      return: properties,
      /** `partial`: the engine keeps the resource; `whole`: it keeps nothing. */
      error: z.enum(["partial", "whole"]),
    })
    .partial()
    .default({}),
  /** What Datadog answers to the requests of this call, whatever they are. */
  fault: z.number().optional(),
});
const conversation = z.object({
  scenario: z.string(),
  about: z.string(),
  apiKeys: z.array(z.string()),
  appKeys: z.array(z.string()),
  users: z.array(z.string()),
  findings: z.array(z.string()),
  /** Findings that Datadog does not know. */
  missing: z.array(z.string()),
  owners: z.record(z.string(), z.string()),
  steps: z.array(step),
});
type Conversation = z.infer<typeof conversation>;
type Step = z.infer<typeof step>;

/** Kinds of differences as the protocol numbers them; what is 0 is left out on the wire. */
const KINDS = ["ADD", "ADD_REPLACE", "DELETE", "DELETE_REPLACE", "UPDATE", "UPDATE_REPLACE"];

/** Both sites of the recordings: two organisations with the same findings and users. */
async function openWorld({ apiKeys, appKeys, users, findings, missing, owners }: Conversation) {
  const seeded = seedUsers({ count: users.length }).map((user, index) => ({
    ...user,
    email: `${users[index]}@example.com`,
    handle: `${users[index]}@example.com`,
    disabled: false,
  }));
  const idOf = new Map(users.map((name, index) => [name, seeded[index]?.id ?? ""]));
  const known = findings.filter((id) => !missing.includes(id));
  const seeds = seedFindings({ count: known.length }).map((finding, index) => ({
    ...finding,
    id: known[index] ?? finding.id,
  }));
  const keys = apiKeys.flatMap((apiKey) => appKeys.map((appKey) => ({ apiKey, appKey })));
  const open = (organisation: object = {}) =>
    startEmulator({ users: seeded, findings: seeds, keys, ...organisation });
  const other = { organisationId: "cccccccc-00cc-11ea-a77b-570c9d03c6c5" };
  const servers: Record<string, EmulatorServer> = { eu: await open(), us: await open(other) };
  for (const { emulator } of Object.values(servers)) {
    for (const id of known) emulator.reassignByHand(id, null);
    for (const [id, name] of Object.entries(owners)) {
      if (known.includes(id)) emulator.reassignByHand(id, idOf.get(name) ?? null);
    }
    emulator.requests.reset();
  }
  return { servers, idOf };
}

type World = Awaited<ReturnType<typeof openWorld>>;

/** Puts URLs and UUIDs of this world in the place of their names. */
function fill<T>(value: T, { servers, idOf }: World): T {
  const text = JSON.stringify(value)
    .replace(/\{api:(\w+)\}/g, (_, name: string) => servers[name]?.url ?? "")
    .replace(/\{user:([\w-]+)\}/g, (_, name: string) => idOf.get(name) ?? "");
  return JSON.parse(text);
}

async function replay(talk: Conversation): Promise<void> {
  const world = await openWorld(talk);
  const processes = new Map<number, OpenPlugin>();
  try {
    for (const [index, each] of talk.steps.entries()) {
      const plugin = processes.get(each.process) ?? (await openPlugin());
      if (!processes.has(each.process)) await plugin.engine.call("handshake", {});
      processes.set(each.process, plugin);
      await converse(plugin, fill(each, world), world, `${talk.scenario}, step ${index}: ${each.method}`);
    }
  } finally {
    for (const plugin of processes.values()) plugin.close();
    for (const server of Object.values(world.servers)) await server.close();
  }
}

async function converse(
  plugin: OpenPlugin,
  { method, request, expect, fault }: Step,
  world: World,
  where: string,
) {
  const emulators = Object.values(world.servers).map(({ emulator }) => emulator);
  if (fault !== undefined) {
    for (const { faults } of emulators)
      faults.push({ kind: "status", status: fault, times: Number.POSITIVE_INFINITY });
  }
  const answered = await plugin.engine.call(method, request).catch((error: unknown) => error);
  for (const { faults } of emulators) faults.clear();
  if (expect.error !== undefined) {
    assert.ok(answered instanceof ProviderError, `${where} fails`);
    assert.equal(
      answered.initFailure !== undefined,
      expect.error === "partial",
      `${where}: ${answered.message}`,
    );
    return;
  }
  if (answered instanceof Error) assert.fail(`${where}: ${answered.message}`);
  compare(answered as Record<string, unknown>, expect, where);
}

function compare(answer: Record<string, unknown>, expect: Step["expect"], where: string): void {
  const { failures, inputs, properties: outputs, changes, detailed, replaces, supportsPreview } = expect;
  for (const [name, value] of Object.entries(expect.return ?? {})) {
    assert.deepEqual((answer["return"] as PropertyMap)[name], value, `${where}: ${name}`);
  }
  const count = (value: unknown) => (Array.isArray(value) ? value.length : 0);
  if (failures !== undefined) assert.equal(count(answer["failures"]), failures, `${where}: failures`);
  if (inputs) assert.deepEqual(answer["inputs"], inputs, `${where}: inputs`);
  if (outputs) {
    const given = answer["properties"] as PropertyMap;
    for (const [name, value] of Object.entries(outputs))
      assert.deepEqual(given[name], value, `${where}: ${name}`);
  }
  if (changes !== undefined) assert.equal(answer["changes"], changes, `${where}: changes`);
  if (detailed) {
    const kinds = Object.entries((answer["detaileddiff"] ?? {}) as Record<string, { kind?: number }>);
    const told = Object.fromEntries(kinds.map(([path, { kind = 0 }]) => [path, KINDS[kind]]));
    assert.deepEqual(told, detailed, `${where}: the diff`);
  }
  if (replaces !== undefined) assert.equal(count(answer["replaces"]) > 0, replaces, `${where}: replaces`);
  if (supportsPreview) assert.equal(answer["supportspreview"], true, where);
}

/** The recorded commands that this provider cannot be put into, and where it is tested what they are about. */
const NOT_REPLAYED: Readonly<Record<string, string>> = {
  "007-replace": "nothing that a FindingsAssignment declares replaces it",
  "013-missing-config":
    "keys may come from the environment: they are missed at the first request (service.test.ts)",
  "032-refresh-gone": "a FindingsAssignment is a list and is never gone: what somebody took is drift (029)",
  "068-asset-preview": "no input is an asset",
  "069-asset": "no input is an asset",
  "070-resource-reference": "no input is a resource",
  "071-replace-before": "nothing that a FindingsAssignment declares replaces it",
  "091-ctrl-c": "Cancel comes in the middle of a call (process.test.ts)",
  "093-ctrl-c-twice": "the engine ends the call and the process (process.test.ts)",
  "095-sigkill-watching": "the engine is killed: it is about the process (process.test.ts, killed.test.ts)",
  "096-sigkill":
    "the plugin stays when the engine is killed: this one ends (process.test.ts, killed.test.ts)",
  "097-locked": "no plugin is called: the stack is locked",
  "098-cancel": "no plugin is called: `pulumi cancel`",
  "099-refresh-with-pending": "no resource is in the state, so there is no call about one",
  "102-refresh-import-pending": "the engine reads nothing for it",
  "103-refresh-clear-pending": "no resource is in the state, so there is no call about one",
  "104-plugin-dies": "the plugin is killed (killed.test.ts)",
  "113-unimplemented": "a plugin that leaves calls out: this one has them all (service.test.ts)",
  "115-get-schema-folder": "the command is refused, and no plugin is called",
  "116-gen-sdk": "GetSchema and Cancel only, as in 114 (packageCommands.test.ts)",
};

/** So many commands were recorded. */
const RECORDED = 112;

describe("the plugin in the conversations that the real engine had with one", () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
  it("has each recorded command, or says why not", () => {
    const names = files.map((file) => file.replace(".json", ""));
    assert.deepEqual(
      names.filter((name) => name in NOT_REPLAYED),
      [],
    );
    assert.equal(names.length + Object.keys(NOT_REPLAYED).length, RECORDED);
  });
  for (const file of files) {
    const talk = conversation.parse(JSON.parse(readFileSync(join(FOLDER, file), "utf8")));
    it(`${talk.scenario}: ${talk.about}`, () => replay(talk));
  }
});
