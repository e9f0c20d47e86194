import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, seedFindings, startEmulator } from "../emulator";
import { findPulumiCli } from "../engine";
import { hasLanguage } from "./hasLanguage";
import { hasRegistry } from "./hasRegistry";
import { type PluginOnPath, pluginOnPath } from "./pluginOnPath";
import { openPulumiProject, type PulumiProject } from "./pulumiProject";
import { schemaWithLogo } from "./schemaWithLogo";

const root = join(__dirname, "..", "..");
const cli = findPulumiCli();

/**
 * Says nothing of the schema: the language plugin is taken from PATH; or Java's class `Config` gives the secret
 * settings as plain strings, as it does for every package (pulumi/pulumi#9744).
 */
const EXPECTED = /using pulumi-language-\w+ from|secret property \w+ \(property of config\)/;

const warnings = (text: string) =>
  text.split("\n").filter((line) => /\bwarn/i.test(line) && !EXPECTED.test(line));

describe("what the pulumi CLI makes of the plugin", function () {
  this.timeout(300_000);
  let plugin: PluginOnPath;
  let project: PulumiProject;
  before(function () {
    if (cli === undefined) this.skip();
  });
  beforeEach(() => {
    plugin = pluginOnPath();
    project = openPulumiProject(undefined, { PATH: plugin.PATH });
  });
  afterEach(() => {
    project.close();
    plugin.remove();
  });

  const succeeds = async (ran: ReturnType<PulumiProject["run"]>) => {
    const { code, text } = await ran;
    assert.equal(code, 0, text);
    assert.deepEqual(warnings(text), []);
    return text;
  };

  it("is a schema without a warning, which every language's generator reads", () =>
    succeeds(project.run("schema", "check", join(root, "plugin", "schema.json"))));

  const generates = async (language: string, source: string) => {
    const sdk = join(project.folder, "sdk");
    await succeeds(project.run("package", "gen-sdk", source, "--language", language, "--out", sdk));
    const files = readdirSync(sdk, { recursive: true, encoding: "utf8" });
    const hasResource = files.some((file) => /findings_?ownership\.\w+$/i.test(file));
    assert.ok(hasResource, files.join("\n"));
  };

  for (const language of ["nodejs", "python", "go", "java"]) {
    it(`is an SDK for ${language}, without a warning`, async function () {
      if (!hasLanguage(language)) this.skip();
      await generates(language, plugin.file);
    });
  }

  it("is an SDK for dotnet, without a warning, where its generator gets a logo", async function () {
    if (!hasLanguage("dotnet")) this.skip();
    const schema = await schemaWithLogo(project.folder);
    try {
      await generates("dotnet", schema.file);
      assert.equal(schema.downloads(), 1);
    } finally {
      schema.close();
    }
  });

  it("is a Python SDK that pip installs, and with which a program is deployed", async function () {
    if (!hasLanguage("python") || !hasRegistry("pip")) this.skip();
    const findings = seedFindings({ count: 6 });
    const server = await startEmulator({ findings });
    const [owner] = server.emulator.users;
    const program = openPulumiProject(undefined, {
      PATH: plugin.PATH,
      DD_API_KEY: EMULATOR_API_KEY,
      DD_APP_KEY: EMULATOR_APP_KEY,
    });
    try {
      const write = (name: string, text: string) => writeFileSync(join(program.folder, name), text);
      write("Pulumi.yaml", "name: py\nruntime: { name: python, options: { virtualenv: venv } }\n");
      write("requirements.txt", "pulumi>=3.150.0,<4.0.0\n");
      write(
        "__main__.py",
        `import pulumi
import pulumi_datadog_findings as findings

mine = findings.FindingsAssignment("mine", assignee="${owner?.email}", finding_ids=["${findings[0]?.id}"])
rules = findings.FindingsOwnership("rules", exclude=mine.finding_ids, rules=[
    findings.OwnershipRuleArgs(name="others", query="*", assignee="${owner?.email}", overwrite=True),
])
pulumi.export("user", findings.get_user_output(email="${owner?.email}").id)
`,
      );
      // Python's own tools warn of what is to change in them.
      const run = async (...args: string[]) => {
        const { code, text } = await program.run(...args);
        assert.equal(code, 0, text);
        return text;
      };
      execFileSync("python3", ["-m", "venv", join(program.folder, "venv")]);
      await run("package", "add", plugin.file);
      await run("stack", "init", "dev");
      await run("config", "set", "datadog-findings:apiUrl", server.url);
      assert.match(await run("up", "--yes", "--skip-preview"), new RegExp(owner?.id ?? "-"));
      for (const { id } of findings) assert.equal(server.emulator.ownerOf(id), owner?.id);
      await run("destroy", "--yes", "--skip-preview");
      for (const { id } of findings) assert.equal(server.emulator.ownerOf(id), null);
    } finally {
      program.close();
      await server.close();
    }
  });

  it("is installed from its folder with what it runs on, and without what it is developed with", async function () {
    if (!hasRegistry("npm")) this.skip();
    const folder = installedFolder(project.folder);
    const schema = await project.run("package", "get-schema", folder);
    assert.equal(schema.code, 0, schema.text);
    assert.match(schema.text, /"datadog-findings:index:FindingsOwnership"/);
    const installed = await project.run(
      ...["plugin", "install", "resource", "datadog-findings", "0.1.0", "--file", folder],
    );
    assert.equal(installed.code, 0, installed.text);
    const plugins = join(project.folder, "home", "plugins");
    const names = readdirSync(join(plugins, "resource-datadog-findings-v0.1.0", "node_modules"));
    assert.ok(names.includes("pulumi-datadog-findings"), names.join());
    for (const name of ["mocha", "@biomejs", "fast-check", "tsx"]) assert.ok(!names.includes(name), name);
  });
});

const packReport = z.array(z.object({ filename: z.string() }));
const packageManifest = z.looseObject({ dependencies: z.record(z.string(), z.string()) });

/** The folder plugin/ as the package has it, whose dependency on the package itself is the one that is built here. */
function installedFolder(parent: string): string {
  const [packed] = packReport.parse(
    JSON.parse(
      execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", parent], {
        cwd: root,
        encoding: "utf8",
      }),
    ),
  );
  const archive = join(parent, packed?.filename ?? "");
  const folder = join(parent, "plugin");
  mkdirSync(folder);
  for (const name of ["PulumiPlugin.yaml", "index.js", "schema.json"])
    cpSync(join(root, "plugin", name), join(folder, name));
  const text = readFileSync(join(root, "plugin", "package.json"), "utf8");
  const manifest = packageManifest.parse(JSON.parse(text));
  const dependencies = { ...manifest.dependencies, "pulumi-datadog-findings": `file:${archive}` };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, dependencies }));
  return folder;
}
