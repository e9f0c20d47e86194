import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatorServer,
  seedFindings,
  seedUsers,
  startEmulator,
} from "../emulator";
import { findPulumiCli } from "../engine";
import { hasLanguage } from "./hasLanguage";
import { type PluginOnPath, pluginOnPath } from "./pluginOnPath";
import { openPulumiProject, type PulumiProject } from "./pulumiProject";

const EAST = {
  apiKey: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  appKey: "00112233445566778899aabbccddeeff00112233",
};
const PINNED = [
  "ZGVmLTAwMC1kZDh-aS0yZWQ3MzBmNzA3NDEwMDAwOQ==",
  "ZGVmLTAwMS1hNzl-aS0yYTBkODdmZjRkYTIwMDAwNw==",
];

describe("the plugin's YAML examples on the pulumi CLI", function () {
  this.timeout(180_000);
  let plugin: PluginOnPath;
  let projects: PulumiProject[];
  let servers: EmulatorServer[];
  before(function () {
    if (findPulumiCli() === undefined || !hasLanguage("yaml")) this.skip();
  });
  beforeEach(() => {
    plugin = pluginOnPath();
    projects = [];
    servers = [];
  });
  afterEach(async () => {
    for (const project of projects) project.close();
    for (const server of servers) await server.close();
    plugin.remove();
  });

  const people = seedUsers({ count: 2 }).map((user, index) => {
    const email = `${["payments-lead", "security-duty"][index]}@example.com`;
    return { ...user, email, handle: email, disabled: false };
  });
  const [lead = people[0], duty] = people;
  const open = async (keys?: (typeof EAST)[]) => {
    const others = seedFindings({ count: 30, teams: ["payments", "mobile"] }).filter(
      ({ id }) => !PINNED.includes(id),
    );
    const findings = others.map((finding, index) => ({ ...finding, id: PINNED[index] ?? finding.id }));
    const server = await startEmulator({ users: people, findings, ...(keys && { keys }) });
    for (const { id } of findings) server.emulator.reassignByHand(id, null);
    servers.push(server);
    return server;
  };
  const ownersOf = ({ emulator }: EmulatorServer) => new Set(emulator.owners().values());
  /** The example without the place where npm puts the plugin: here it is on PATH. */
  const projectOf = (example: string, change: (text: string) => string = (text) => text) => {
    const project = openPulumiProject(join(__dirname, "..", "..", "examples", example), {
      PATH: plugin.PATH,
      DD_API_KEY: EMULATOR_API_KEY,
      DD_APP_KEY: EMULATOR_APP_KEY,
    });
    projects.push(project);
    const file = join(project.folder, "Pulumi.yaml");
    const text = readFileSync(file, "utf8").replace(/^plugins:\n(?: .*\n)+/m, "");
    writeFileSync(file, change(text));
    return async (...args: readonly string[]) => {
      const { code, text: shown } = await project.run(...args);
      assert.equal(code, 0, shown);
      return shown;
    };
  };

  it("yaml: lists, rules and a function; a list is imported; a destroy gives all back", async () => {
    const server = await open();
    const run = projectOf("yaml");
    await run("stack", "init", "dev");
    await run("config", "set", "datadog-findings:apiUrl", server.url);
    const shown = await run("up", "--yes", "--skip-preview");
    assert.ok(shown.includes(lead?.id ?? "-"), shown);
    for (const id of PINNED) assert.equal(server.emulator.ownerOf(id), lead?.id);
    assert.ok(ownersOf(server).has(duty?.id ?? ""));
    const importing = ["import", "datadog-findings:index:FindingsAssignment", "kept"];
    const imported = await run(...importing, `${lead?.email}/${PINNED.join()}`, "--yes", "--protect=false");
    assert.match(imported, /kept/);
    await run("destroy", "--yes", "--skip-preview");
    assert.deepEqual(ownersOf(server), new Set([null]));
  });

  it("two-organisations: rules in both, by an explicit provider each", async () => {
    const [eu, us] = [await open(), await open([EAST])];
    const run = projectOf("two-organisations", (text) =>
      text
        .replace("site: datadoghq.eu", `apiUrl: ${eu.url}`)
        .replace("site: datadoghq.com", `apiUrl: ${us.url}`),
    );
    await run("stack", "init", "dev");
    const keys = { euApiKey: EMULATOR_API_KEY, euAppKey: EMULATOR_APP_KEY, usApiKey: EAST.apiKey };
    for (const [name, key] of Object.entries({ ...keys, usAppKey: EAST.appKey }))
      await run("config", "set", "--secret", name, key);
    await run("up", "--yes", "--skip-preview");
    for (const server of [eu, us]) assert.ok(ownersOf(server).has(lead?.id ?? ""));
    await run("destroy", "--yes", "--skip-preview");
    for (const server of [eu, us]) assert.deepEqual(ownersOf(server), new Set([null]));
  });
});
