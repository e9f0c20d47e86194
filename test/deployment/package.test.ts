import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, sep } from "node:path";
import {
  serializedAssignmentProvider,
  serializedOwnershipProvider,
} from "../../provider/dynamic/serializedProvider";
import { seedFindings } from "../emulator";
import { exampleWorld } from "../emulator/exampleWorld/exampleWorld";
import { embeddedEngine } from "../engine";
import { quickStart } from "../engine/quickStart";
import { isMatrix } from "../support/isMatrix";
import { PolicyServer } from "../support/policyServer";
import {
  declaredPackages,
  freshProject,
  isolatedEnv,
  type Loading,
  type Manager,
  packPackage,
  writeProgram,
} from "./freshProject";
import { openTestbed, type Testbed } from "./testbed";
import { typeCheck } from "./typeCheck";

const root = join(__dirname, "..", "..");
const serializedOf = {
  FindingsAssignment: serializedAssignmentProvider,
  FindingsOwnership: serializedOwnershipProvider,
};

const preload = join(__dirname, "asInstalled.cjs");

/** Other managers, loaders and compilers are tried in `npm run test:matrix`. */
const managers: readonly Manager[] = isMatrix() ? ["npm", "pnpm"] : ["npm"];
const resolutions = isMatrix() ? (["node", "node16", "bundler"] as const) : (["node"] as const);

describe("the packed package", function () {
  this.timeout(180_000);
  let folder: string;
  let files: string[];
  const projects = new Map<Manager, string>();

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "findings-package-")));
    const packed = packPackage(folder);
    files = packed.files;
    for (const manager of managers) projects.set(manager, freshProject(folder, packed.tarball, manager));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("contains what is needed and nothing else", () => {
    const pluginFiles = ["PulumiPlugin.yaml", "index.js", "package.json", "schema.json"];
    const expected = [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "package.json",
      ...pluginFiles.map((file) => `plugin/${file}`),
    ];
    const isGuide = (file: string) => /^(docs|examples)\//.test(file);
    assert.deepEqual(files.filter((file) => !file.startsWith("dist/") && !isGuide(file)).sort(), expected);
    const tracked = execFileSync("git", ["ls-files", "docs", "examples"], { cwd: root, encoding: "utf8" });
    assert.deepEqual(files.filter(isGuide).sort(), tracked.trim().split("\n").sort());
    const compiled = files.filter((file) => file.startsWith("dist/"));
    const entries = [
      "index.js",
      "index.d.ts",
      "provider.js",
      "policy/index.js",
      "cli/main.js",
      "emulator/main.js",
    ];
    const written = ["ownership.schema.json", "bundle/plugin.js", "bundle/THIRD-PARTY-LICENSES.txt"];
    for (const entry of [...entries, ...written]) assert.ok(compiled.includes(`dist/${entry}`), entry);
    const hasSource = (file: string) => !written.includes(file.replace("dist/", ""));
    assert.deepEqual(
      compiled.filter((file) => file.startsWith("dist/plugin/")),
      [],
      "the plugin is in the bundle alone",
    );
    for (const file of compiled.filter(hasSource)) {
      assert.match(file, /\.(js|d\.ts)$/);
      const source = file
        .replace("dist/emulator/", "test/emulator/")
        .replace("dist/", "provider/")
        .replace(/(\.d\.ts|\.js)$/, ".ts");
      assert.ok(
        existsSync(join(root, source)),
        `${file} has no source: what an earlier state left in dist goes with "rm -r dist && npm run build"`,
      );
    }
  });

  /**
   * Runs with what the project has and notes what it loads. @returns the files that ran, of the project's
   * copy only
   */
  async function watched(
    projectDir: string,
    run: (env: NodeJS.ProcessEnv) => Promise<void>,
  ): Promise<string[]> {
    const loadedFiles = join(mkdtempSync(join(folder, "loaded-")), "files.txt");
    // the SDK starts sooner with the repository's own preload; both look for what they load in the project
    const preloads = `${quickStart["NODE_OPTIONS"]} --require ${preload}`;
    await run({ NODE_OPTIONS: preloads, LOADED_FILES: loadedFiles });
    const loaded = new Set(readFileSync(loadedFiles, "utf8").trim().split("\n"));
    const own = [...loaded].filter((file) => file.startsWith(projectDir + sep));
    assert.equal(own.length, loaded.size, "no other copy of the package ran");
    return own.map((file) => basename(file)).sort();
  }

  const combinations: Readonly<Record<Manager, readonly Loading[]>> = isMatrix()
    ? { npm: ["ts-node", "tsx", "ES module"], pnpm: ["ts-node", "tsx"] }
    : { npm: ["ES module"], pnpm: [] };
  for (const manager of managers) {
    for (const loading of combinations[manager]) {
      it(`deploys from a fresh project outside of the repository: ${manager}, ${loading}`, async () => {
        const projectDir = projects.get(manager) ?? "";
        writeProgram(projectDir, loading);
        const loaded = await watched(projectDir, async (env) => {
          const findings = seedFindings({ count: 8, teams: ["payments"] });
          const bed = await openTestbed(embeddedEngine, { projectDir, findings, env });
          try {
            await deploysWithTheSerializedProvider(bed, loading);
          } finally {
            await bed.close();
          }
        });
        assert.deepEqual(loaded, ["findingsAssignment.js", "findingsOwnership.js", "provider.js"]);
      });
    }
  }

  it("is all that an example needs beside what it declares", async () => {
    const project = projects.get("npm") ?? "";
    const projectDir = exampleIn(project, "ownership");
    await watched(project, async (env) => {
      const { users, teams } = exampleWorld();
      const findings = seedFindings({ count: 40, teams: ["payments", "platform", "mobile"] });
      const bed = await openTestbed(embeddedEngine, {
        projectDir,
        findings,
        users,
        teams,
        env,
      });
      try {
        const { outputs } = await bed.up({});
        const owned = [...bed.emulator.owners().values()].filter((owner) => owner !== null);
        assert.ok(owned.length > 0);
        assert.deepEqual(outputs, { lastUpdateAssigned: owned.length, unowned: 0 });
      } finally {
        await bed.close();
      }
    });
  });

  const inMatrix = isMatrix() ? it : () => {};
  inMatrix("is all that the example pack needs beside what it declares", async () => {
    const project = projects.get("npm") ?? "";
    const loaded = await watched(project, async (env) => {
      const server = await PolicyServer.start(exampleIn(project, "policy-pack"), env);
      try {
        assert.equal((await server.policies()).length, 6);
      } finally {
        await server.stop();
      }
    });
    assert.deepEqual(loaded, ["index.js"]);
  });

  it("needs the same in every example", () => {
    const common = declaredPackages("policy-pack").filter((name) => name !== "@pulumi/policy");
    for (const example of ["quickstart", "ownership", "ownership-typescript"])
      assert.deepEqual(declaredPackages(example), common);
  });

  const entries = ["", "/provider", "/policy", "/ownership.schema.json", "/package.json"];
  it("exports its entries by require and by import, and nothing else", () => {
    const hidden = files.map((file) => `/${file}`).filter((file) => !entries.includes(file));
    assert.ok(hidden.includes("/dist/index.js"));
    const project = projects.get("npm") ?? "";
    writeFileSync(join(project, "entries.mjs"), entriesProgram(entries, hidden));
    const run = () =>
      execFileSync(process.execPath, ["entries.mjs"], { cwd: project, env: isolatedEnv(folder) });
    assert.equal(run().toString().trim(), `open: ${entries.join(" ")}`);
  });

  for (const resolution of resolutions) {
    it(`has types for programs under moduleResolution ${resolution}`, () => {
      const project = projects.get("npm") ?? "";
      const tsc = join(root, "node_modules", "typescript", "lib", "tsc.js");
      // the declarations of all packages are checked by test/matrix
      const options = { ignoreDeprecations: "6.0", skipLibCheck: true };
      assert.deepEqual(typeCheck(project, resolution, tsc, options), []);
    });
  }

  it("brings its command line", () => {
    for (const project of projects.values()) {
      const file = join(project, "ownership.yaml");
      writeFileSync(file, "rules:\n  - { name: a, query: 'team:payments', assignee: a@example.com }\n");
      const command = join(project, "node_modules", ".bin", "pulumi-datadog-findings");
      const output = execFileSync(command, ["validate", file], { cwd: project, env: isolatedEnv(folder) });
      assert.match(output.toString(), /: 1 rules?, valid/);
    }
  });
});

async function deploysWithTheSerializedProvider(bed: Testbed, loading: Loading): Promise<void> {
  const [pinned, ruled] = [bed.ids.slice(0, 5), bed.ids.slice(5)];
  const [one, two] = bed.users;
  const spec = {
    pinned: { findingIds: pinned, assignee: one },
    ruled: { rules: [{ name: "payments", query: "team:payments", assignee: two }] },
  };
  const { outputs } = await bed.up(spec);
  assert.deepEqual(outputs, { pinned: 5, ruled: 3 });
  bed.assertOwners(pinned, one);
  bed.assertOwners(ruled, two);

  const { deployment } = await bed.engine.exportState();
  for (const [name, text] of Object.entries(serializedOf)) {
    const resource = deployment.resources?.find(({ type }) => type.endsWith(`:${name}`));
    assert.equal(resource?.inputs?.__provider, text, `${name} under ${loading}`);
    assert.ok(Buffer.byteLength(text) < 1_200);
  }
  // not another thing under another loader: this one is quick
  if (loading === "ES module") await destroys(bed);
}

async function destroys(bed: Testbed): Promise<void> {
  const { exitCode, stdout } = await bed.engine.destroy();
  assert.equal(exitCode, 0, stdout);
  bed.assertOwners(bed.ids, null);
}

/** A copy of an example, all of it, in a project that has what the example declares. */
function exampleIn(project: string, example: string): string {
  const copy = join(project, example);
  cpSync(join(root, "examples", example), copy, { recursive: true });
  return copy;
}

/** Loads the entries both ways, and fails where anything else can be loaded. */
function entriesProgram(entries: readonly string[], hidden: readonly string[]): string {
  return `import { createRequire } from "node:module";
import { FindingsAssignment, FindingsOwnership } from "pulumi-datadog-findings";
import { findingsPolicies } from "pulumi-datadog-findings/policy";
import { assignment, ownership } from "pulumi-datadog-findings/provider";

const require = createRequire(import.meta.url);
const name = "pulumi-datadog-findings";
for (const entry of ${JSON.stringify(entries)}) {
  const required = require(name + entry);
  const type = entry.endsWith(".json") ? { with: { type: "json" } } : {};
  const { default: imported } = await import(name + entry, type);
  if (JSON.stringify(imported) !== JSON.stringify(required)) throw new Error(entry + " differs");
}
if (require(name).FindingsAssignment !== FindingsAssignment) throw new Error("two FindingsAssignments");
if (![FindingsOwnership, findingsPolicies, assignment.create, ownership.create].every((each) => typeof each === "function"))
  throw new Error("a named export is missing");
for (const file of ${JSON.stringify(hidden)}) {
  for (const resolve of [require.resolve, import.meta.resolve]) {
    let found;
    try {
      found = resolve(name + file);
    } catch (error) {
      if (error.code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error;
    }
    if (found) throw new Error(file + " is public");
  }
}
console.log("open: " + ${JSON.stringify(entries)}.join(" "));
`;
}
