import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, sep } from "node:path";
import { seedFindings } from "../emulator";
import { embeddedEngine } from "../engine";
import { typesProgram } from "./freshProgram";
import {
  freshProject,
  isolatedEnv,
  type Loading,
  type Manager,
  packPackage,
  writeProgram,
} from "./freshProject";
import { openTestbed, type Testbed } from "./testbed";

const root = join(__dirname, "..", "..");
const serializedOf = {
  FindingsAssignment: fixture("serialized-provider.txt"),
  FindingsOwnership: fixture("serialized-ownership-provider.txt"),
};

function fixture(name: string): string {
  return readFileSync(join(__dirname, "fixtures", name), "utf8");
}

/** Notes which files of the package a process runs: the repository has a copy, too, which must not stand in for it. */
const watcher = `const { appendFileSync } = require("node:fs");
const { prototype } = require("node:module");
const compile = prototype._compile;
prototype._compile = function (text, file, ...rest) {
  if (/dist.(provider|findingsAssignment)\\.js$/.test(file)) appendFileSync(process.env.LOADED_FILES, file + "\\n");
  return compile.call(this, text, file, ...rest);
};`;

describe("the packed package", function () {
  this.timeout(180_000);
  let folder: string;
  let files: string[];
  const projects = new Map<Manager, string>();

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "findings-package-")));
    const packed = packPackage(folder);
    files = packed.files;
    for (const manager of ["npm", "pnpm"] as const)
      projects.set(manager, freshProject(folder, packed.tarball, manager));
    writeFileSync(join(folder, "watcher.cjs"), watcher);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("contains what is needed and nothing else", () => {
    const expected = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
    assert.deepEqual(files.filter((file) => !file.startsWith("dist/")).sort(), expected);
    const compiled = files.filter((file) => file.startsWith("dist/"));
    const entries = ["index.js", "index.d.ts", "provider.js", "policy/index.js", "cli/main.js"];
    for (const entry of [...entries, "ownership.schema.json"]) assert.ok(compiled.includes(`dist/${entry}`));
    for (const file of compiled.filter((each) => each !== "dist/ownership.schema.json")) {
      assert.match(file, /\.(js|d\.ts)$/);
      const source = file.replace("dist/", "provider/").replace(/(\.d\.ts|\.js)$/, ".ts");
      assert.ok(existsSync(join(root, source)), `${file} is compiled from a source of the package`);
    }
  });

  for (const manager of ["npm", "pnpm"] as const) {
    for (const loading of ["ts-node", "tsx", "ES module"] as const) {
      it(`deploys from a fresh project outside of the repository: ${manager}, ${loading}`, async () => {
        const projectDir = projects.get(manager) ?? "";
        const loadedFiles = join(folder, `${manager}-${loading.replace(" ", "-")}.txt`);
        writeProgram(projectDir, loading);
        const bed = await openTestbed(embeddedEngine, {
          projectDir,
          findings: seedFindings({ count: 8, teams: ["payments"] }),
          env: { NODE_OPTIONS: `--require ${join(folder, "watcher.cjs")}`, LOADED_FILES: loadedFiles },
        });
        try {
          await deploysAndSerializesAsEver(bed, loading);
        } finally {
          await bed.close();
        }
        const loaded = new Set(readFileSync(loadedFiles, "utf8").trim().split("\n"));
        const own = [...loaded].filter((file) => file.startsWith(projectDir + sep));
        assert.deepEqual(own.map((file) => basename(file)).sort(), ["findingsAssignment.js", "provider.js"]);
        assert.equal(own.length, loaded.size, "no other copy of the package ran");
      });
    }
  }

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

  for (const [moduleResolution, module] of [
    ["node16", "node16"],
    ["bundler", "esnext"],
    ["node10", "commonjs"],
  ] as const) {
    it(`has types for programs under moduleResolution ${moduleResolution}`, () => {
      const project = join(projects.get("npm") ?? "", moduleResolution);
      mkdirSync(project);
      const sources = moduleResolution === "node16" ? ["index.ts", "index.mts"] : ["index.ts"];
      for (const source of sources) writeFileSync(join(project, source), typesProgram);
      const compilerOptions = {
        module,
        moduleResolution,
        target: "ES2022",
        strict: true,
        noEmit: true,
        types: ["node"],
        // once is enough for the declarations of all packages, which takes its time
        skipLibCheck: moduleResolution !== "node16",
        ignoreDeprecations: "6.0",
      };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: sources }));
      const tsc = join("..", "node_modules", ".bin", "tsc");
      const { stdout, stderr } = spawnSync(tsc, ["-p", "."], { cwd: project, encoding: "utf8" });
      // @pulumi/policy 1.21 has declarations that do not fit each other: not ours to mend
      const errors = stdout.split("\n").filter((line) => line && !/[\\/]@pulumi[\\/]policy[\\/]/.test(line));
      assert.deepEqual([...errors, stderr], [""]);
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

async function deploysAndSerializesAsEver(bed: Testbed, loading: Loading): Promise<void> {
  const [pinned, ruled] = [bed.ids.slice(0, 5), bed.ids.slice(5)];
  const [one, two] = bed.users;
  const spec = {
    pinned: { findingIds: pinned, assignee: one },
    ruled: { rules: [{ name: "payments", query: "team:payments", assignee: two }] },
  };
  const preview = await bed.preview(spec);
  assert.equal(preview.exitCode, 0, preview.stdout);
  assert.equal(bed.emulator.touched.size, 0);

  const { outputs } = await bed.up(spec);
  assert.deepEqual(outputs, { pinned: 5, ruled: 3 });
  bed.assertOwners(pinned, one);
  bed.assertOwners(ruled, two);

  const { deployment } = await bed.engine.exportState();
  for (const [name, text] of Object.entries(serializedOf)) {
    const resource = deployment.resources?.find(({ type }) => type.endsWith(`:${name}`));
    assert.equal(resource?.inputs?.__provider, text, `${name} under ${loading}`);
    assert.ok(Buffer.byteLength(text) < 2_500);
  }
  const destroyed = await bed.engine.destroy();
  assert.equal(destroyed.exitCode, 0, destroyed.stdout);
  bed.assertOwners(bed.ids, null);
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
