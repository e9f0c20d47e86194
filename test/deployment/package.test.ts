import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedEngine } from "../engine";
import { freshProject, type Loading, packPackage } from "./freshProject";
import { openTestbed } from "./testbed";

const root = join(__dirname, "..", "..");

describe("the packed package", function () {
  this.timeout(180_000);
  let folder: string;
  let tarball: string;
  let files: string[];
  const texts = new Map<string, unknown>();

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "findings-package-"));
    ({ tarball, files } = packPackage(folder));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("contains what is needed and nothing else", () => {
    const expected = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
    assert.deepEqual(files.filter((file) => !file.startsWith("dist/")).sort(), expected);
    const compiled = files.filter((file) => file.startsWith("dist/"));
    assert.ok(compiled.includes("dist/index.js") && compiled.includes("dist/index.d.ts"));
    assert.ok(compiled.includes("dist/ownership.schema.json") && compiled.includes("dist/cli/main.js"));
    for (const file of compiled) assert.match(file, /\.(js|d\.ts|schema\.json)$/);
  });

  const projects: [manager: "npm" | "pnpm", loading: Loading][] = [
    ["npm", "ts-node"],
    ["pnpm", "tsx"],
    ["npm", "ES module"],
  ];
  for (const [manager, loading] of projects) {
    it(`deploys from a fresh project outside of the repository: ${manager}, ${loading}`, async () => {
      const projectDir = freshProject(folder, tarball, manager, loading);
      const bed = await openTestbed(embeddedEngine, { projectDir, count: 5 });
      try {
        const spec = { a: { findingIds: bed.ids, assignee: bed.users[0] } };
        const preview = await bed.preview(spec);
        assert.equal(preview.exitCode, 0, preview.stdout);
        const { outputs } = await bed.up(spec);
        assert.deepEqual(outputs.assigned, [5]);
        bed.assertOwners(bed.ids, bed.users[0]);
        const { deployment } = await bed.engine.exportState();
        const resource = deployment.resources?.find(({ type }) => type.endsWith(":FindingsAssignment"));
        texts.set(loading, resource?.inputs?.__provider);
        assert.equal((await bed.engine.destroy()).exitCode, 0);
      } finally {
        await bed.close();
      }
    });
  }

  it("serializes the same provider under every loading, as every state so far has it", () => {
    const fixture = readFileSync(join(__dirname, "fixtures", "serialized-provider.txt"), "utf8");
    assert.equal(texts.size, projects.length);
    for (const [loading, text] of texts) assert.equal(text, fixture, loading);
  });

  const entries = ["", "/provider", "/policy", "/ownership.schema.json", "/package.json"];
  it("exports its entries by require and by import, and nothing else", () => {
    const program = `
      const entries = ${JSON.stringify(entries)}.map((entry) => "pulumi-datadog-findings" + entry);
      for (const entry of entries) require(entry);
      Promise.all(entries.filter((entry) => !entry.endsWith("json")).map((entry) => import(entry)))
        .then(([main]) => { if (!main.FindingsAssignment) throw new Error("no named export"); })
        .then(() => import("pulumi-datadog-findings/dist/index.js"))
        .then(() => console.log("open"), (error) => console.log(error.code ?? error.message));`;
    const output = execFileSync(process.execPath, ["-e", program], { cwd: root, encoding: "utf8" });
    assert.equal(output.trim(), "ERR_PACKAGE_PATH_NOT_EXPORTED");
  });

  for (const [module, moduleResolution] of [
    ["node16", "node16"],
    ["esnext", "bundler"],
    ["commonjs", "node10"],
  ]) {
    it(`has types for programs under moduleResolution ${moduleResolution}`, () => {
      const project = join(root, "node_modules", ".cache", `types-${moduleResolution}`);
      mkdirSync(project, { recursive: true });
      writeFileSync(
        join(project, "index.ts"),
        `import { FindingsAssignment, type FindingsAssignmentArgs } from "pulumi-datadog-findings";
import { findingsPolicies } from "pulumi-datadog-findings/policy";
const args: FindingsAssignmentArgs = { findingIds: ["a"], assignee: "b" };
export const ids = new FindingsAssignment("a", args).findingIds.apply((each) => each.length);
export const policies = findingsPolicies();
// @ts-expect-error: no such property
export const wrong = new FindingsAssignment("a", { findingIds: ["a"], asignee: "b" });
`,
      );
      const compilerOptions = {
        module,
        moduleResolution,
        target: "ES2022",
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: ["node"],
        ignoreDeprecations: "6.0",
      };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
      const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
      try {
        execFileSync(process.execPath, [tsc, "-p", project], { encoding: "utf8", stdio: "pipe" });
      } catch (error) {
        assert.fail(String(Reflect.get(Object(error), "stdout")));
      } finally {
        rmSync(project, { recursive: true, force: true });
      }
    });
  }
});
