import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { installOrSkip } from "../support/installPackages";

const root = join(__dirname, "..", "..");

/** The oldest that the package takes, and the lines of Node.js that are maintained. */
const versions = ["20.18.1", "22", "24"];

/** What installs, compiles and deploys the packed package, and what speaks HTTP. */
const files = [
  "test/deployment/package.test.ts",
  "test/integration/cli/init.test.ts",
  "test/integration/datadog/undiciSend.test.ts",
];

describe("the packed package on Node.js", function () {
  this.timeout(900_000);
  let folder: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "findings-nodes-")));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const version of versions) {
    it(version, function () {
      const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
      const modules = installOrSkip(this, join(folder, version), `${name}@${version}`);
      const node = join(modules, name, "bin", process.platform === "win32" ? "node.exe" : "node");
      const mocha = join(root, "node_modules", "mocha", "bin", "mocha.js");
      // mocha itself is made of ES modules that it requires, which 20.18 takes only so
      const flags = version.startsWith("20.18") ? ["--experimental-require-module"] : [];
      const options = ["--no-config", "--node-option", "import=tsx", "--no-parallel", "--timeout", "180000"];
      const env = {
        ...process.env,
        TEST_MATRIX: "",
        PATH: [dirname(node), process.env["PATH"]].join(delimiter),
      };
      const { status, stdout, stderr } = spawnSync(node, [...flags, mocha, ...options, ...files], {
        cwd: root,
        env,
        encoding: "utf8",
      });
      assert.equal(status, 0, `${stdout}${stderr}`);
      assert.match(stdout, /\d+ passing/);
    });
  }
});
