import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { findPulumiCli } from "../../engine";
import { pluginOnPath } from "../../plugin/pluginOnPath";
import { openPulumiProject } from "../../plugin/pulumiProject";

const root = join(__dirname, "..", "..", "..");
const pack = join(root, "examples", "policy-pack");

describe("pulumi preview --policy-pack examples/policy-pack", () => {
  let dir = "";
  before(function () {
    if (findPulumiCli() === undefined) {
      console.log("    Policies run on @pulumi/policy's server only: no pulumi CLI on PATH.");
      this.skip();
    }
    dir = mkdtempSync(join(tmpdir(), "policy-cli-"));
  });
  after(() => {
    if (dir !== "") rmSync(dir, { recursive: true });
  });

  /** A copy, because the CLI writes the stack's settings beside the program. */
  async function preview(program: string): Promise<string> {
    const workDir = mkdtempSync(join(dir, "program-"));
    cpSync(program, workDir, { recursive: true });
    symlinkSync(join(root, "node_modules"), join(workDir, "node_modules"));
    const envVars = {
      PULUMI_BACKEND_URL: `file://${dir}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const stack = await LocalWorkspace.createOrSelectStack({ stackName: "dev", workDir }, { envVars });
    return (await stack.preview({ policyPacks: [pack] })).stdout;
  }

  it("accepts the quickstart", async () => {
    assert.match(await preview(join(root, "examples", "quickstart")), /to create/);
  });

  it("refuses the same of the plugin's resources", async () => {
    const plugin = pluginOnPath();
    const project = openPulumiProject(join(root, "test", "plugin", "program"), { PATH: plugin.PATH });
    try {
      const spec = join(project.folder, "spec.json");
      const resources = { payments: { findingIds: ["f1"], assignee: "me@gmail.com" } };
      writeFileSync(spec, JSON.stringify({ front: { name: "plugin" }, resources }));
      await project.run("stack", "init", "dev");
      await project.run("config", "set", "spec", spec);
      const { code, text } = await project.run("preview", "--policy-pack", pack);
      assert.notEqual(code, 0, text);
      assert.match(text, /findings-allowed-owners[^]*"me@gmail\.com" in assignment "payments"/);
    } finally {
      project.close();
      plugin.remove();
    }
  });

  it("refuses an owner who is not allowed, and names resource and owner", async () => {
    const refused = preview(join(__dirname, "programs", "refused"));
    await assert.rejects(refused, /findings-allowed-owners[^]*"me@gmail\.com" in assignment "payments"/);
  });
});
