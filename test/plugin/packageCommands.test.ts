import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { z } from "zod";
import { pageOf } from "../docs/pages";
import { findPulumiCli } from "../engine";
import { hasLanguage } from "./hasLanguage";
import { hasRegistry } from "./hasRegistry";
import { type PluginOnPath, pluginOnPath } from "./pluginOnPath";
import { openPulumiProject, type PulumiProject } from "./pulumiProject";
import { schemaExamples } from "./schemaExamples";
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

  const succeeds = async (...args: readonly string[]) => {
    assert.deepEqual(warnings(await project.succeed(...args)), []);
  };

  it("is a schema without a warning, which every language's generator reads", () =>
    succeeds("schema", "check", join(root, "plugin", "schema.json")));

  const generates = async (language: string, source: string) => {
    const sdk = join(project.folder, "sdk");
    await succeeds("package", "gen-sdk", source, "--language", language, "--out", sdk);
    const files = readdirSync(sdk, { recursive: true, encoding: "utf8" });
    const hasResource = files.some((file) => /findings_?ownership\.\w+$/i.test(file));
    assert.ok(hasResource, files.join("\n"));
    return join(sdk, language);
  };

  it("is an SDK for nodejs, without a warning, with which the schema's examples compile", async function () {
    if (!hasLanguage("nodejs")) this.skip();
    assert.deepEqual(compileErrors(await generates("nodejs", plugin.file)), []);
  });

  for (const language of ["python", "go", "java"]) {
    it(`is an SDK for ${language}, without a warning`, async function () {
      if (!hasLanguage(language)) this.skip();
      await generates(language, plugin.file);
    });
  }

  it("is an SDK for dotnet, without a warning, where its generator gets a logo; it has what examples name", async function () {
    if (!hasLanguage("dotnet")) this.skip();
    const schema = await schemaWithLogo(project.folder);
    try {
      const sdk = await generates("dotnet", schema.file);
      assert.equal(schema.downloads(), 1);
      const programs = [...schemaExamples("csharp").values(), programInDocs("csharp")];
      assert.deepEqual(missingNames(sdk, programs), []);
    } finally {
      schema.close();
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

function programInDocs(language: string): string {
  const found = pageOf("docs/languages.md").blocks.find((block) => block.language === language);
  assert.ok(found, language);
  return found.text;
}

/** Classes and properties that programs in C# name, and the SDK has not. There is no compiler for them here. */
function missingNames(sdk: string, programs: readonly string[]): string[] {
  const files = readdirSync(sdk, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".cs"),
  );
  const source = files.map((file) => readFileSync(join(sdk, file), "utf8")).join("\n");
  const properties = new Set(
    [...source.matchAll(/^ +public .*? (\w+)(?: \{ get|$)/gm)].map(([, name]) => name),
  );
  const enums = new Set([...source.matchAll(/^ +public readonly struct (\w+)/gm)].map(([, name]) => name));
  return programs.flatMap((text) => {
    const classes = [...text.matchAll(/Findings\.((?:Inputs\.)?[A-Z]\w+)/g)].map(([, name = ""]) => name);
    const set = [...text.matchAll(/(?:^ +|[{,] )([A-Z]\w+) =(?!>)/gm)].map(([, name = ""]) => name);
    return [
      ...classes.filter((name) => !files.includes(`${name.replace(".", "/")}.cs`) && !enums.has(name)),
      ...set.filter((name) => name !== "Provider" && !properties.has(name)),
    ];
  });
}

/** What the compiler says of the examples in TypeScript, with the generated SDK as the package that they import. */
function compileErrors(sdk: string): string[] {
  const folder = join(sdk, "examples");
  mkdirSync(folder);
  const files = [...schemaExamples("typescript")].map(([name, text]) => {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, text);
    return file;
  });
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    typeRoots: [join(root, "node_modules", "@types")],
    types: ["node"],
    paths: {
      "@pulumi/datadog-findings": [join(sdk, "index.ts")],
      "@pulumi/*": [join(root, "node_modules", "@pulumi", "*")],
    },
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
}

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
