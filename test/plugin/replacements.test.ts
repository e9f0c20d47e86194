import assert from "node:assert/strict";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, seedFindings, startEmulator } from "../emulator";
import type { PropertyMap } from "../engine/properties";
import { configure, type OpenPlugin, openPlugin } from "./openPlugin";

const identityOfProvider = {
  urn: "urn:pulumi:dev::test::pulumi:providers:datadog-findings::default",
  name: "default",
  type: "pulumi:providers:datadog-findings",
};

const ALL = ["read", "write", "users"] as const;

/** DIFF_NONE. */
const NO_CHANGES = 1;

interface Created {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

const map = (value: unknown): PropertyMap => JSON.parse(JSON.stringify(value ?? {}));

async function create(plugin: OpenPlugin, declared: PropertyMap): Promise<Created> {
  const { inputs } = await plugin.about("check", "a", { news: declared });
  const { id, properties } = await plugin.about("create", "a", { properties: map(inputs) });
  return { id: String(id), inputs: map(inputs), outputs: map(properties) };
}

async function world() {
  const server = await startEmulator({ findings: seedFindings({ count: 4 }) });
  const { emulator } = server;
  const [owner = ""] = emulator.users.filter(({ disabled }) => !disabled).map(({ id }) => id);
  const findingIds = [...emulator.owners().keys()];
  const plugins: OpenPlugin[] = [];
  return {
    emulator,
    owner,
    declared: { findingIds, assignee: owner },
    configuration: { apiUrl: server.url, apiKey: EMULATOR_API_KEY, appKey: EMULATOR_APP_KEY },
    async start(configuration: PropertyMap): Promise<OpenPlugin> {
      const plugin = await openPlugin();
      plugins.push(plugin);
      await configure(plugin, configuration);
      return plugin;
    },
    async close() {
      for (const plugin of plugins) plugin.close();
      await server.close();
    },
  };
}

describe("a FindingsAssignment of the plugin", () => {
  for (const permissions of [ALL, ["read", "write"] as const]) {
    const sees = permissions === ALL;
    const what = sees
      ? "keeps its findings"
      : "is refused, and not made anew, as nobody says whose URL it is";
    it(`${what} where another URL of the same organisation is configured`, async () => {
      const { emulator, owner, declared, configuration, start, close } = await world();
      try {
        emulator.keys.permit(...permissions);
        const former = await start(configuration);
        const { id, inputs, outputs } = await create(former, declared);
        const moved = { ...configuration, apiUrl: configuration.apiUrl.replace("127.0.0.1", "localhost") };
        // With a replacement the engine creates with the new provider, and deletes with the former one at the end.
        const compared = { oldInputs: configuration, olds: configuration, news: moved };
        const { replaces } = await former.engine.call("diffConfig", { ...identityOfProvider, ...compared });
        assert.deepEqual(replaces ?? [], []);
        const plugin = await start(moved);
        await plugin.about("check", "a", { olds: inputs, news: declared });
        const diff = plugin.about("diff", "a", { id, olds: outputs, oldInputs: inputs, news: inputs });
        if (sees) assert.equal((await diff)["changes"], NO_CHANGES);
        else
          await assert.rejects(diff, /nothing was sent; set datadog-findings:apiUrl back.*user_access_read/);
        for (const [findingId, present] of emulator.owners()) assert.equal(present, owner, findingId);
      } finally {
        await close();
      }
    });
  }

  it("can be deleted before it is replaced, and has its findings afterwards", async () => {
    const { emulator, owner, declared, configuration, start, close } = await world();
    try {
      const { id, inputs, outputs } = await create(await start(configuration), declared);
      // The next deployment, with `deleteBeforeReplace` and `replaceOnChanges`, or `pulumi up --replace`.
      const plugin = await start(configuration);
      await plugin.about("check", "a", { olds: inputs, news: declared });
      await plugin.about("diff", "a", { id, olds: outputs, oldInputs: inputs, news: inputs });
      await plugin.about("delete", "a", { id, properties: outputs, oldInputs: inputs });
      await create(plugin, declared);
      for (const [findingId, present] of emulator.owners()) assert.equal(present, owner, findingId);
    } finally {
      await close();
    }
  });

  it("leaves its findings to another one, which was made by the same import and stays", async () => {
    const { emulator, owner, declared, configuration, start, close } = await world();
    try {
      for (const id of declared.findingIds) emulator.reassignByHand(id, owner);
      const importer = await start(configuration);
      const imported = async (name: string) => {
        const { id, properties } = await importer.about("read", name, { id: owner });
        return { id: String(id), properties: map(properties) };
      };
      const [kept, dropped] = [await imported("kept"), await imported("dropped")];
      const plugin = await start(configuration);
      await plugin.about("check", "kept", { olds: declared, news: declared });
      await plugin.about("diff", "kept", {
        id: kept.id,
        olds: kept.properties,
        oldInputs: declared,
        news: declared,
      });
      await plugin.about("delete", "dropped", dropped);
      for (const [id, present] of emulator.owners()) assert.equal(present, owner, id);
    } finally {
      await close();
    }
  });
});
