import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatedFinding,
  type EmulatorServer,
  seedFindings,
  seedUsers,
  startEmulator,
} from "../emulator";
import { findPulumiCli } from "../engine";
import { hasLanguage } from "./hasLanguage";
import { hasRegistry } from "./hasRegistry";
import { openPulumiProject, type PulumiProject } from "./pulumiProject";

const EAST = {
  apiKey: "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  appKey: "00112233445566778899aabbccddeeff00112233",
};
const IDS = [
  "ZGVmLTAwMC1kZDh-aS0yZWQ3MzBmNzA3NDEwMDAwOQ==",
  "ZGVmLTAwMS1hNzl-aS0yYTBkODdmZjRkYTIwMDAwNw==",
  "ZGVmLTAwMi1lMjd-aS0xOGE0YjE0OTI2MmQwMDAwYQ==",
];
const PINNED = IDS.slice(0, 2);

describe("the plugin's examples, as they are, on the pulumi CLI", function () {
  this.timeout(300_000);
  let projects: PulumiProject[];
  let servers: EmulatorServer[];
  before(function () {
    if (findPulumiCli() === undefined) this.skip();
  });
  beforeEach(() => {
    projects = [];
    servers = [];
  });
  afterEach(async () => {
    for (const project of projects) project.close();
    for (const server of servers) await server.close();
  });

  const names = ["payments-lead", "security-duty", "pat.payments"];
  const people = seedUsers({ count: names.length }).map((user, index) => {
    const email = `${names[index]}@example.com`;
    return { ...user, email, handle: email, disabled: false };
  });
  const [lead = people[0], duty, pat] = people;
  const open = async (keys?: (typeof EAST)[]) => {
    const others = seedFindings({ count: 30, teams: ["payments", "mobile"] }).filter(
      ({ id }) => !IDS.includes(id),
    );
    const critical = { severity: "critical", status: "open", tags: ["team:payments"] } as const;
    const findings = others.map((finding, index) => ({
      ...finding,
      ...(index < PINNED.length && critical),
      id: IDS[index] ?? finding.id,
    }));
    const server = await startEmulator({ users: people, findings, ...(keys && { keys }) });
    for (const { id } of findings) server.emulator.reassignByHand(id, null);
    servers.push(server);
    return { ...server, findings };
  };
  const ownersOf = ({ emulator }: EmulatorServer) => new Set(emulator.owners().values());
  const projectOf = (example: string) => {
    const project = openPulumiProject(join(__dirname, "..", "..", "examples", example), {
      DD_API_KEY: EMULATOR_API_KEY,
      DD_APP_KEY: EMULATOR_APP_KEY,
    });
    projects.push(project);
    const run = (...args: readonly string[]) => project.succeed(...args);
    return { folder: project.folder, run };
  };

  it("yaml: lists, rules and a function; a list is imported; a destroy gives all back", async function () {
    if (!hasLanguage("yaml")) this.skip();
    const server = await open();
    const { run } = projectOf("yaml");
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

  it("two-organisations: rules in both, by an explicit provider each; only the sites are the test's", async function () {
    if (!hasLanguage("yaml")) this.skip();
    const [eu, us] = [await open(), await open([EAST])];
    const { folder, run } = projectOf("two-organisations");
    const file = join(folder, "Pulumi.yaml");
    const text = readFileSync(file, "utf8")
      .replace("site: datadoghq.eu", `apiUrl: ${eu.url}`)
      .replace("site: datadoghq.com", `apiUrl: ${us.url}`);
    writeFileSync(file, text);
    await run("stack", "init", "dev");
    const keys = { euApiKey: EMULATOR_API_KEY, euAppKey: EMULATOR_APP_KEY, usApiKey: EAST.apiKey };
    for (const [name, key] of Object.entries({ ...keys, usAppKey: EAST.appKey }))
      await run("config", "set", "--secret", name, key);
    await run("up", "--yes", "--skip-preview");
    for (const server of [eu, us]) assert.ok(ownersOf(server).has(lead?.id ?? ""));
    await run("destroy", "--yes", "--skip-preview");
    for (const server of [eu, us]) assert.deepEqual(ownersOf(server), new Set([null]));
  });

  it("python: what a query found is a list, rules have the rest; a destroy gives all back", async function () {
    if (!hasLanguage("python") || !hasRegistry("pip")) this.skip();
    const server = await open();
    const { folder, run } = projectOf("python");
    execFileSync("python3", ["-m", "venv", join(folder, "venv")]);
    await run("package", "add", "./node_modules/.bin/pulumi-resource-datadog-findings");
    await run("stack", "init", "dev");
    await run("config", "set", "datadog-findings:apiUrl", server.url);
    await run("up", "--yes", "--skip-preview");
    const isPayments = ({ tags }: EmulatedFinding) => tags.includes("team:payments");
    const assigned = server.findings.filter(({ status }) => status === "open");
    const critical = assigned.filter((finding) => finding.severity === "critical" && isPayments(finding));
    assert.ok(critical.length > 0 && assigned.length < server.findings.length);
    const owners = assigned.map((finding) => [finding.id, (isPayments(finding) ? lead : duty)?.id] as const);
    const declared = new Map(owners);
    for (const { id } of server.findings) assert.equal(server.emulator.ownerOf(id), declared.get(id) ?? null);
    const exported = JSON.parse(await run("stack", "output", "--json"));
    assert.deepEqual(exported, { lastUpdateAssigned: assigned.length - critical.length });
    await run("destroy", "--yes", "--skip-preview");
    assert.deepEqual(ownersOf(server), new Set([null]));
  });

  it("migrate: to the plugin and back, with no request that changes an owner", async () => {
    const server = await open();
    const { emulator } = server;
    const { run } = projectOf("migrate");
    await run("stack", "init", "dev");
    for (const name of ["datadog", "datadog-findings"])
      await run("config", "set", `${name}:apiUrl`, server.url);
    const resourceTypes = async () =>
      (await run("stack", "export")).match(/"type": "[^"]*:FindingsAssignment"/g);
    const up = () => run("up", "--yes", "--skip-preview");
    await up();
    for (const id of IDS) assert.equal(emulator.ownerOf(id), pat?.id);
    const dynamic = await resourceTypes();
    assert.deepEqual(dynamic, ['"type": "pulumi-nodejs:dynamic/datadog:FindingsAssignment"']);
    emulator.requests.reset();
    await run("config", "set", "plugin", "true");
    await up();
    assert.deepEqual(await resourceTypes(), ['"type": "datadog-findings:index:FindingsAssignment"']);
    await run("config", "set", "plugin", "false");
    await up();
    assert.deepEqual(await resourceTypes(), dynamic);
    assert.equal(emulator.requests.count({ family: "assignee" }), 0);
    for (const id of IDS) assert.equal(emulator.ownerOf(id), pat?.id);
    await run("destroy", "--yes", "--skip-preview");
    assert.deepEqual(ownersOf(server), new Set([null]));
  });
});
