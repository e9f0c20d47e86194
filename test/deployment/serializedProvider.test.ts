import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedEngine } from "../engine";
import { isMatrix } from "../support/isMatrix";
import { isolatedWorkspace, pnpmWorkspace } from "./freshProject";
import { openTestbed, type Testbed } from "./testbed";

const formerText = readFileSync(join(__dirname, "fixtures", "former-assignment-provider.txt"), "utf8");

describe("the serialized provider", () => {
  describe("in a state of an earlier text", () => {
    let bed: Testbed;
    beforeEach(async () => {
      bed = await openTestbed(embeddedEngine, { count: 4 });
      await bed.up(spec(bed.ids));
      const { deployment, ...rest } = await bed.engine.exportState();
      const resources = deployment.resources?.map((resource) => ({
        ...resource,
        ...(resource.inputs?.__provider && { inputs: { ...resource.inputs, __provider: formerText } }),
        ...(resource.outputs?.__provider && { outputs: { ...resource.outputs, __provider: formerText } }),
      }));
      await bed.engine.importState({ ...rest, deployment: { ...deployment, resources } });
      bed.emulator.requests.reset();
    });
    afterEach(() => bed.close());

    const spec = (ids: readonly string[]) => ({ a: { findingIds: ids, assignee: bed.users[0] } });

    it("is unchanged, and nothing is sent", async () => {
      const { changes } = await bed.up(spec(bed.ids));
      assert.deepEqual(changes, { same: 2 });
      assert.deepEqual(bed.emulator.requests.all, []);
      const { resources = [] } = (await bed.engine.exportState()).deployment;
      const [stored] = resources.filter(({ type }) => type.endsWith(":FindingsAssignment"));
      assert.notEqual(stored?.inputs?.["__provider"], formerText);
      assert.equal(stored?.outputs?.["__provider"], formerText, "until something else changes");
    });

    it("is refreshed and destroyed by the earlier text", async () => {
      assert.equal((await bed.engine.refresh()).exitCode, 0);
      assert.equal((await bed.engine.destroy()).exitCode, 0);
      bed.assertOwners(bed.ids, null);
    });

    it("has the text of today after an update", async () => {
      const { changes } = await bed.up(spec(bed.ids.slice(1)));
      assert.deepEqual(changes, { same: 1, update: 1 });
      const state = JSON.stringify(await bed.engine.exportState());
      assert.ok(!state.includes(JSON.stringify(formerText)));
    });
  });

  // npm run test:matrix uses pnpm itself
  const [what, makeWorkspace] = isMatrix()
    ? (["a pnpm workspace", pnpmWorkspace] as const)
    : (["a workspace of isolated packages", isolatedWorkspace] as const);
  describe(`in ${what}, where a shared library has the dependency`, function () {
    this.timeout(180_000);
    let folder: string;
    before(() => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), "findings-workspace-")));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("says which package.json needs it too, and works once it is there", async () => {
      const own = "pulumi-datadog-findings";
      const lib = [own, "@pulumi/pulumi"];
      const workspace = makeWorkspace(folder, { lib, infra: ["lib", "@pulumi/pulumi"] });
      const infra = join(workspace, "infra");
      writeFileSync(join(workspace, "lib", "index.js"), library);
      writeFileSync(join(infra, "index.js"), program);
      writeFileSync(join(infra, "Pulumi.yaml"), JSON.stringify({ name: "infra", runtime: "nodejs" }));
      // what is installed in between, only a new process sees
      const bed = await openTestbed(embeddedEngine, { projectDir: infra, count: 2, freshProcesses: true });
      try {
        const failed = await bed.tryUp({ a: { findingIds: bed.ids, assignee: bed.users[0] } });
        assert.notEqual(failed.exitCode, 0);
        const manifest = join(infra, "package.json");
        const [error = "", ...others] = failed.diagnostics
          .filter(({ severity }) => severity === "error")
          .map(({ message }) => message);
        assert.match(error, new RegExp(`add ${own} to the dependencies in ${manifest}, and install\\.`));
        assert.deepEqual(others, []);
        assert.doesNotMatch(failed.stdout, /Require stack|Cannot find module|\n +at /);
        assert.equal(bed.emulator.touched.size, 0);

        makeWorkspace(folder, { lib, infra: ["lib", "@pulumi/pulumi", own] });
        await bed.up({ a: { findingIds: bed.ids, assignee: bed.users[0] } });
        bed.assertOwners(bed.ids, bed.users[0]);
      } finally {
        await bed.close();
      }
    });
  });
});

const library = `const { FindingsAssignment } = require("pulumi-datadog-findings");
exports.own = (name, args) => new FindingsAssignment(name, args);
`;

const program = `const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { own } = require("lib");
const spec = JSON.parse(readFileSync(new pulumi.Config().require("spec"), "utf8"));
for (const [name, args] of Object.entries(spec)) own(name, args);
`;
