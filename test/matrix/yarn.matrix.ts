import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packPackage, writeProgram } from "../deployment/freshProject";
import { openTestbed } from "../deployment/testbed";
import { seedFindings } from "../emulator";
import { embeddedEngine } from "../engine";
import { installOrSkip } from "../support/installPackages";

const preload = join(__dirname, "..", "deployment", "asInstalled.cjs");

describe("a project that yarn 4 installs", function () {
  this.timeout(600_000);
  let folder: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "findings-yarn-")));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("deploys with nodeLinker: node-modules, which Pulumi needs", async function () {
    const { tarball } = packPackage(folder);
    const tool = installOrSkip(this, join(folder, "tool"), "@yarnpkg/cli-dist@4");
    const project = installWithYarn(tool, tarball);
    writeProgram(project, "ts-node");
    const env = { NODE_OPTIONS: `--require ${preload}`, LOADED_FILES: join(folder, "loaded.txt") };
    const findings = seedFindings({ count: 8, teams: ["payments"] });
    const bed = await openTestbed(embeddedEngine, {
      projectDir: project,
      findings,
      env,
    });
    try {
      const [one, two] = bed.users;
      const [pinned, ruled] = [bed.ids.slice(0, 5), bed.ids.slice(5)];
      await bed.up({
        pinned: { findingIds: pinned, assignee: one },
        ruled: { rules: [{ name: "payments", query: "team:payments", assignee: two }] },
      });
      bed.assertOwners(pinned, one);
      bed.assertOwners(ruled, two);
    } finally {
      await bed.close();
    }
  });

  /** @param tool the `node_modules` that has yarn itself */
  function installWithYarn(tool: string, tarball: string): string {
    const project = join(folder, "project");
    mkdirSync(project);
    const dependencies = {
      "@pulumi/pulumi": ">=3.150.0 <3.249.0",
      "@types/node": "^20.19.0",
      "pulumi-datadog-findings": `file:${tarball}`,
      typescript: "^6.0.3",
    };
    writeFileSync(
      join(project, "package.json"),
      JSON.stringify({ name: "fresh", private: true, dependencies }),
    );
    writeFileSync(join(project, "yarn.lock"), "");
    const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
    const settings = {
      nodeLinker: "node-modules",
      enableTelemetry: false,
      enableImmutableInstalls: false,
      enableScripts: false,
      npmRegistryServer: registry,
      unsafeHttpWhitelist: [new URL(registry).hostname],
    };
    writeFileSync(join(project, ".yarnrc.yml"), JSON.stringify(settings));
    const yarn = join(tool, "@yarnpkg", "cli-dist", "bin", "yarn.js");
    const output = execFileSync(process.execPath, [yarn, "install"], { cwd: project, encoding: "utf8" });
    assert.match(output, /Done/);
    return project;
  }
});
