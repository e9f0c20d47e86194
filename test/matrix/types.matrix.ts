import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshProject, packPackage } from "../deployment/freshProject";
import { type Resolution, typeCheck } from "../deployment/typeCheck";

/** The oldest and the newest compilers that are held to, each with types of Node.js of its time. */
const compilers = [
  { typescript: "5.0", nodeTypes: "20.10" },
  { typescript: "5.9", nodeTypes: "20.19" },
  { typescript: "6.0", nodeTypes: "20.19" },
];

describe("the packed package's types, without skipLibCheck", function () {
  this.timeout(600_000);
  let folder: string;
  let project: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "findings-types-")));
    project = freshProject(folder, packPackage(folder).tarball, "npm");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { typescript, nodeTypes } of compilers) {
    describe(`TypeScript ${typescript}`, () => {
      let compiler: string;
      before(() => {
        compiler = join(folder, `typescript-${typescript}`);
        mkdirSync(compiler);
        writeFileSync(join(compiler, "package.json"), "{}");
        const packages = [`typescript@~${typescript}.0`, `@types/node@~${nodeTypes}.0`];
        execFileSync("npm", ["install", "--no-audit", "--no-fund", ...packages], {
          cwd: compiler,
          stdio: "pipe",
        });
        const types = join(project, "node_modules", "@types", "node");
        rmSync(types, { recursive: true, force: true });
        symlinkSync(join(compiler, "node_modules", "@types", "node"), types);
      });

      for (const resolution of ["node", "node16", "bundler"] satisfies Resolution[]) {
        it(`moduleResolution ${resolution}`, () => {
          const tsc = join(compiler, "node_modules", "typescript", "lib", "tsc.js");
          const options = typescript === "6.0" ? { ignoreDeprecations: "6.0" } : {};
          assert.deepEqual(typeCheck(project, resolution, tsc, options), []);
        });
      }
    });
  }
});
