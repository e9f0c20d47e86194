import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatorServer,
  seedFindings,
  startEmulator,
} from "../emulator";
import { ProviderError } from "../engine/providerError";
import { ASSIGNMENT, configure, type OpenPlugin, OWNERSHIP, openPlugin, secret, urnOf } from "./openPlugin";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("the plugin", () => {
  let server: EmulatorServer;
  let plugin: OpenPlugin;
  let ids: string[];
  let users: { id: string; email: string }[];
  const keys = { apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY };

  beforeEach(async () => {
    server = await startEmulator({ findings: seedFindings({ count: 20 }) });
    ids = [...server.emulator.owners().keys()].sort();
    users = server.emulator.users.filter((user) => !user.disabled).map(({ id, email }) => ({ id, email }));
    plugin = await openPlugin();
    await configure(plugin, { ...keys, apiUrl: server.url });
  });
  afterEach(async () => {
    plugin.close();
    await server.close();
  });

  const emailOf = (index: number) => users[index]?.email ?? "";
  const create = async (name: string, inputs: Parameters<OpenPlugin["about"]>[2]) => {
    const { inputs: checked, failures } = await plugin.about("check", name, { news: inputs, olds: {} });
    assert.equal(failures, undefined);
    const created = await plugin.about("create", name, { properties: checked as typeof inputs });
    return { checked: checked as typeof inputs, ...created } as {
      checked: typeof inputs;
      id: string;
      properties: typeof inputs;
    };
  };
  const failure = async (work: Promise<unknown>): Promise<ProviderError> => {
    const error = await work.then(
      () => assert.fail("it did not fail"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ProviderError);
    return error;
  };

  it("assigns what is declared, and stores neither its own name nor anything of the dynamic provider", async () => {
    const { properties } = await create("a", { findingIds: [...ids].reverse(), assignee: emailOf(0) });
    assert.deepEqual(
      [...server.emulator.owners().values()],
      ids.map(() => users[0]?.id),
    );
    assert.deepEqual(properties["findingIds"], ids);
    assert.equal(properties["assigneeId"], users[0]?.id);
    assert.ok(!("resourceName" in properties) && !("__provider" in properties), JSON.stringify(properties));
  });

  it("keeps what succeeded where a finding fails, and says why in the reasons", async () => {
    const inputs = { findingIds: [ids[0] ?? "", "no-such"], assignee: emailOf(0) };
    const { initFailure } = await failure(create("a", inputs));
    assert.deepEqual(initFailure?.properties?.["findingIds"], [ids[0]]);
    assert.match(initFailure?.reasons?.join("\n") ?? "", /no-such: 404/);
    assert.match(initFailure?.id ?? "", /^[0-9a-f-]{36}$/);
  });

  it("keeps nothing where nothing was changed", async () => {
    const error = await failure(create("a", { findingIds: ["no-such"], assignee: emailOf(0) }));
    assert.equal(error.initFailure, undefined);
    assert.match(error.message, /no-such: 404/);
  });

  it("diffs by id, updates the delta, and releases on delete", async () => {
    const { id, checked, properties } = await create("a", {
      findingIds: ids.slice(0, 12),
      assignee: emailOf(0),
    });
    const news = { findingIds: ids.slice(1, 12), assignee: emailOf(0) };
    const change = { id, olds: properties, oldInputs: checked, news };
    const diff = await plugin.about("diff", "a", change);
    assert.equal(diff["changes"], 2);
    assert.deepEqual(Object.keys(diff["detaileddiff"] ?? {}), ["findingIds[0]"]);
    const same = await plugin.about("diff", "a", { ...change, news: checked });
    assert.equal(same["changes"], 1);
    // Another deployment: this one has declared the id.
    await configure(plugin, { ...keys, apiUrl: server.url });
    server.emulator.requests.reset();
    const { properties: after } = await plugin.about("update", "a", change);
    assert.deepEqual(
      server.emulator.requests.all.flatMap(({ findingIds }) => findingIds ?? []),
      [ids[0]],
    );
    await plugin.about("delete", "a", { id, properties: after as typeof properties, oldInputs: news });
    assert.ok([...server.emulator.owners().values()].every((owner) => owner === null));
  });

  it("says what a preview does not know, and asks nothing with previewLookups set to false", async () => {
    await configure(plugin, { ...keys, apiUrl: server.url, previewLookups: "false" });
    const inputs = { findingIds: ids, assignee: emailOf(0) };
    const { properties } = await plugin.about("create", "a", { properties: inputs, preview: true });
    const unknown = { assigneeId: UNKNOWN, failures: UNKNOWN, warnings: UNKNOWN };
    assert.deepEqual(properties, { ...inputs, ...unknown, onMissing: "fail" });
    const olds = { ...inputs, assigneeId: users[0]?.id ?? "" };
    const news = { ...inputs, findingIds: [...ids, UNKNOWN] };
    const update = await plugin.about("update", "a", {
      id: "i",
      olds,
      news,
      oldInputs: inputs,
      preview: true,
    });
    assert.equal((update["properties"] as typeof olds).assigneeId, users[0]?.id);
    const diff = await plugin.about("diff", "a", { id: "i", olds, news, oldInputs: inputs });
    assert.deepEqual(Object.keys(diff["detaileddiff"] ?? {}), ["findingIds"]);
    assert.equal(server.emulator.requests.count(), 0);
  });

  it("checks the owner in a preview, and says who has the findings now", async () => {
    const { emulator } = server;
    emulator.reassignByHand(ids[0] ?? "", users[1]?.id ?? "");
    const preview = (findingIds: readonly string[], assignee: string) =>
      plugin.about("create", "a", { properties: { findingIds: [...findingIds], assignee }, preview: true });
    await preview([...ids.slice(0, 3), "no-such"], emailOf(0));
    const said = () => plugin.engine.said.map(({ message }) => message).join("\n");
    assert.match(said(), /^3 findings to assign to .*: 2 from nobody, 1 from /m);
    assert.match(
      said(),
      /^warning: the search does not show 1 finding .*; if it is gone, pulumi up fails, unless onMissing is "ignore": no-such$/m,
    );
    assert.equal(emulator.requests.count({ family: "search" }), 1);
    assert.equal(emulator.requests.count({ family: "users" }), 1);
    assert.match((await failure(preview(ids, "nobody@example.com"))).message, /no user/);

    const { id, checked, properties } = await create("a", {
      findingIds: ids.slice(0, 3),
      assignee: emailOf(0),
    });
    plugin.engine.said.length = 0;
    const change = { id, olds: properties, oldInputs: checked, preview: true };
    const more = { findingIds: ids.slice(0, 5), assignee: emailOf(0) };
    await plugin.about("update", "a", { ...change, news: more });
    assert.match(said(), /^2 findings to assign to/m);
    const ben = emulator.users.find(({ id: each }) => each === users[1]?.id);
    assert.ok(ben);
    emulator.putUser({ ...ben, disabled: true });
    const other = { ...more, assignee: emailOf(1) };
    assert.match(
      (await failure(plugin.about("update", "a", { ...change, news: other }))).message,
      /disabled/,
    );
  });

  it("writes a line into changesFile for each finding that changes its owner", async () => {
    const folder = mkdtempSync(join(tmpdir(), "findings-changes-"));
    const changesFile = join(folder, "changes.jsonl");
    const lines = () =>
      readFileSync(changesFile, "utf8")
        .trimEnd()
        .split("\n")
        .map((line): Record<string, unknown> => JSON.parse(line));
    const [first = "", second = ""] = ids;
    const owners = server.emulator.users.filter((user) => !user.disabled);
    const [ada, ben] = owners;
    assert.ok(ada && ben);
    const from = { id: ben.id, name: ben.name };
    const to = { id: ada.id, name: ada.name, email: ada.email };
    server.emulator.reassignByHand(first, ben.id);
    try {
      await configure(plugin, { ...keys, apiUrl: server.url, changesFile });
      const inputs = { findingIds: [first, second], assignee: emailOf(0) };
      const { id, checked, properties } = await create("a", inputs);
      const told = lines().map(({ acceptedAt, ...change }) => {
        assert.match(String(acceptedAt), /^\d{4}-\d\d-\d\dT/);
        return change;
      });
      assert.deepEqual(
        new Map(told.map((change) => [change["id"], change])),
        new Map([
          [first, { id: first, from, to, resource: "a" }],
          [second, { id: second, from: null, to, resource: "a" }],
        ]),
      );
      // Another deployment: this one has declared the findings.
      await configure(plugin, { ...keys, apiUrl: server.url, changesFile });
      await plugin.about("delete", "a", { id, properties, oldInputs: checked });
      const released = lines().slice(2);
      assert.deepEqual(
        released.map((change) => [change["id"], change["to"]]).sort(),
        [first, second].map((each) => [each, null]).sort(),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("marks what tells a secret owner as secret, and lets no message name it", async () => {
    const inputs = { findingIds: [ids[0] ?? "", "no-such"], assignee: secret(emailOf(0)) };
    const { initFailure } = await failure(create("a", inputs));
    const { properties = {}, reasons = [] } = initFailure ?? {};
    assert.deepEqual(properties["assignee"], secret(emailOf(0)));
    assert.deepEqual(properties["assigneeId"], secret(users[0]?.id ?? ""));
    assert.ok(!JSON.stringify(reasons).includes(emailOf(0)), reasons.join("\n"));
    assert.match(reasons.join("\n"), /\[secret\]/);
  });

  it("names neither property nor value where a secret input is wrong, and the place all the same", async () => {
    const news = { findingIds: [""], assignee: secret("two words") };
    const { failures } = await plugin.about("check", "a", { news, olds: {} });
    const told = failures as { property: string; reason: string }[];
    assert.deepEqual(told.map(({ property }) => property).sort(), ["", "findingIds[0]"]);
    assert.ok(!JSON.stringify(told).includes("two words"), JSON.stringify(told));
    assert.match(told.find(({ property }) => property === "")?.reason ?? "", /^assignee is a secret/);
  });

  it("names the property of what is wrong and no secret", async () => {
    const { failures } = await plugin.about("check", "a", {
      news: { findingIds: [""], asignee: "x" },
      olds: {},
    });
    const told = (failures as { property: string; reason: string }[]).map(({ property }) => property);
    assert.deepEqual(told.sort(), ["asignee", "assignee", "findingIds[0]"]);
  });

  it("imports all findings of a user, some of them, and says why not", async () => {
    await create("a", { findingIds: ids.slice(0, 5), assignee: emailOf(0) });
    const read = (id: string, type = ASSIGNMENT) => plugin.about("read", "kept", { id }, type);
    const all = await read(emailOf(0));
    assert.deepEqual(all["inputs"], { findingIds: ids.slice(0, 5), assignee: emailOf(0) });
    assert.equal(all["id"], emailOf(0));
    const some = await read(`${users[0]?.id}/${ids[1]},${ids[0]}`);
    assert.deepEqual(some["inputs"], { findingIds: ids.slice(0, 2), assignee: users[0]?.id });
    assert.match(
      (await failure(read(`${emailOf(0)}/${ids[0]},${ids[7]}`))).message,
      /1 of 2 findings does not belong/,
    );
    assert.match((await failure(read(emailOf(1)))).message, /owns no findings/);
    assert.match((await failure(read("/x"))).message, /USER\/ID,ID/);
    assert.match((await failure(read("any", OWNERSHIP))).message, /cannot be imported.*rules/);
    const olds = all["properties"] as Parameters<OpenPlugin["about"]>[2];
    const oldInputs = all["inputs"] as typeof olds;
    const unchanged = await plugin.about("diff", "kept", { id: "i", olds, oldInputs, news: oldInputs });
    assert.equal(unchanged["changes"], 1);
  });

  it("lets what a resource has to say stand under it, and keys be named as its users write them", async () => {
    const rules = [{ name: "all", query: "*", assignee: emailOf(0) }];
    await plugin.about("check", "owners", { news: { rules }, olds: {} }, OWNERSHIP);
    assert.ok(plugin.engine.said.length > 0);
    assert.ok(
      plugin.engine.said.every(({ urn }) => urn === urnOf("owners", OWNERSHIP)),
      "under the resource",
    );
    await configure(plugin, { apiUrl: server.url });
    const { message } = await failure(create("a", { findingIds: ids, assignee: emailOf(0) }));
    assert.match(message, /pulumi config set --secret datadog-findings:apiKey/);
    assert.doesNotMatch(message, /datadog:/);
  });

  it("answers its functions, and says what is wrong with their arguments", async () => {
    const invoke = (name: string, args: Parameters<OpenPlugin["about"]>[2]) =>
      plugin.engine.call("invoke", { tok: `datadog-findings:index:${name}`, args });
    const { return: found } = await invoke("getFindings", { query: "*" });
    assert.equal((found as { findings: unknown[] }).findings.length, ids.length);
    const { return: user } = await invoke("getUser", { email: emailOf(1) });
    assert.equal((user as { id: string }).id, users[1]?.id);
    const rules = [{ name: "all", query: "*", assignee: emailOf(0) }];
    const { return: why } = await invoke("explainFinding", { findingId: ids[0] ?? "", rules });
    assert.equal((why as { outcome: string }).outcome, "assign");
    assert.match((why as { explanation: string }).explanation, /all/);
    assert.match((await failure(invoke("getFindings", { query: "" }))).message, /query/);
    assert.match((await failure(invoke("getUser", { email: "nobody@example.com" }))).message, /no user/);
    assert.match((await failure(invoke("toString", {}))).message, /no function/);
  });

  it("sends nothing more once it is cancelled, and works again when it is configured anew", async () => {
    await plugin.engine.call("cancel");
    const { message } = await failure(create("a", { findingIds: ids, assignee: users[0]?.id ?? "" }));
    assert.match(message, /cancelled/);
    assert.equal(server.emulator.requests.count(), 0);
    await configure(plugin, { ...keys, apiUrl: server.url });
    await create("a", { findingIds: ids, assignee: users[0]?.id ?? "" });
  });
});
