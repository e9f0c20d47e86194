import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const suite = `describe("a suite", () => {
  it("fails, it's said", () => { throw new Error("wrong"); });
  describe("inside", () => {
    before(() => { throw new Error("hook"); });
    it("is not reached", () => {});
  });
});`;

describe("the report of the tests", () => {
  const root = join(__dirname, "..", "..");
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "failing-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("has the command that runs a failed test alone, also where a hook failed", () => {
    const file = join(folder, "failing.test.js");
    writeFileSync(file, suite);
    const mocha = require.resolve("mocha/bin/mocha.js");
    const { stdout } = spawnSync(process.execPath, [mocha, file], { cwd: root, encoding: "utf8" });
    const commands = [...stdout.matchAll(/run it alone: (.*)/g)].map(([, command]) => command);
    const alone = `npx mocha ${relative(root, file)} --fgrep`;
    assert.deepEqual(commands, [`${alone} "a suite fails, it's said"`, `${alone} "a suite inside"`]);
  });
});
