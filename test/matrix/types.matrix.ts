import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshProject, packPackage } from "../deployment/freshProject";
import { type Resolution, typeCheck } from "../deployment/typeCheck";
import { installOrSkip } from "../support/installPackages";

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
      let installed: string;
      before(function () {
        const into = join(folder, `typescript-${typescript}`);
        installed = installOrSkip(this, into, `typescript@~${typescript}.0`, `@types/node@~${nodeTypes}.0`);
        const types = join(project, "node_modules", "@types", "node");
        rmSync(types, { recursive: true, force: true });
        symlinkSync(join(installed, "@types", "node"), types);
      });

      for (const resolution of ["node", "node16", "bundler"] satisfies Resolution[]) {
        it(`moduleResolution ${resolution}`, () => {
          const tsc = join(installed, "typescript", "lib", "tsc.js");
          const options = typescript === "6.0" ? { ignoreDeprecations: "6.0" } : {};
          assert.deepEqual(typeCheck(project, resolution, tsc, options), []);
        });
      }
    });
  }
});
