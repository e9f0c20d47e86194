import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initFiles } from "../../provider/cli/initFiles";
import { freshProject, packPackage } from "../deployment/freshProject";
import { openTestbed } from "../deployment/testbed";
import { seedFindings } from "../emulator";
import { exampleWorld } from "../emulator/exampleWorld/exampleWorld";
import { embeddedEngine } from "../engine";
import { installOrSkip } from "../support/installPackages";

const preload = join(__dirname, "..", "deployment", "asInstalled.cjs");

/** With types of Node.js of their time; undefined: the SDK compiles with its own 3.8. */
const compilers = [
  { typescript: undefined, nodeTypes: "20.19" },
  { typescript: "5.0", nodeTypes: "20.10" },
  { typescript: "5.9", nodeTypes: "20.19" },
  { typescript: "6.0", nodeTypes: "20.19" },
];

describe("the project that init writes deploys, type-checked by the SDK,", function () {
  this.timeout(600_000);
  let folder: string;
  let project: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "findings-compilers-")));
    project = freshProject(folder, packPackage(folder).tarball, "npm");
    for (const [name, text] of Object.entries(initFiles({ folderName: "findings", forEmulator: true })))
      writeFileSync(join(project, name), text);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { typescript, nodeTypes } of compilers) {
    it(typescript === undefined ? "without typescript" : `with TypeScript ${typescript}`, async function () {
      link(this, typescript, nodeTypes);
      const { users, teams } = exampleWorld();
      const findings = seedFindings({ count: 40, teams: ["payments", "platform"] });
      const env = environment();
      const bed = await openTestbed(embeddedEngine, {
        projectDir: project,
        findings,
        users,
        teams,
        env,
      });
      try {
        const { exitCode, stdout } = await bed.engine.up();
        assert.equal(exitCode, 0, stdout);
        const owned = [...bed.emulator.owners().values()].filter((owner) => owner !== null);
        assert.ok(owned.length > 0);
      } finally {
        await bed.close();
      }
    });
  }

  it("and says so where the program has the wrong type", async function () {
    link(this, "5.0", "20.10");
    writeFileSync(join(project, "index.ts"), "export const wrong: number = 'text';\n");
    const env = environment();
    const bed = await openTestbed(embeddedEngine, {
      projectDir: project,
      count: 1,
      env,
    });
    try {
      const { exitCode, stdout } = await bed.engine.preview();
      assert.notEqual(exitCode, 0);
      assert.match(stdout, /TS2322/);
    } finally {
      await bed.close();
    }
  });

  /** With the compiler of the project, and type checks, which the other tests leave out. */
  function environment(): NodeJS.ProcessEnv {
    return {
      NODE_OPTIONS: `--require ${preload}`,
      LOADED_FILES: join(folder, "loaded.txt"),
      PULUMI_NODEJS_TRANSPILE_ONLY: "false",
    };
  }

  /** Puts a compiler and types in the place of those of the project. */
  function link(test: Mocha.Context, typescript: string | undefined, nodeTypes: string): void {
    const into = join(folder, `with-${typescript ?? "none"}`);
    const packages = [`@types/node@~${nodeTypes}.0`, ...(typescript ? [`typescript@~${typescript}.0`] : [])];
    const installed = installOrSkip(test, into, ...packages);
    for (const name of ["typescript", join("@types", "node")]) {
      const linked = join(project, "node_modules", name);
      rmSync(linked, { recursive: true, force: true });
      if (name !== "typescript" || typescript) symlinkSync(join(installed, name), linked);
    }
  }
});
