import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, seedFindings, startEmulator } from "../emulator";
import { findPulumiCli } from "../engine";
import { pluginOnPath } from "./pluginOnPath";
import { openPulumiProject } from "./pulumiProject";

describe("pulumi preview --diff of the plugin's list, on the CLI's screen", function () {
  this.timeout(180_000);
  before(function () {
    if (findPulumiCli() === undefined) this.skip();
  });

  it("shows one line of 12 ids where the first one leaves", async () => {
    const server = await startEmulator({ findings: seedFindings({ count: 12 }) });
    const plugin = pluginOnPath();
    const project = openPulumiProject(join(__dirname, "program"), {
      PATH: plugin.PATH,
      DD_API_KEY: EMULATOR_API_KEY,
      DD_APP_KEY: EMULATOR_APP_KEY,
    });
    const run = (...args: readonly string[]) => project.succeed(...args);
    const ids = [...server.emulator.owners().keys()].sort();
    const [owner] = server.emulator.users;
    const spec = join(project.folder, "spec.json");
    const declare = (findingIds: readonly string[]) => {
      const resources = { a: { findingIds, assignee: owner?.id } };
      writeFileSync(spec, JSON.stringify({ front: { name: "plugin" }, resources }));
    };
    try {
      declare(ids);
      await run("stack", "init", "dev");
      await run("config", "set", "spec", spec);
      await run("config", "set", "datadog-findings:apiUrl", server.url);
      await run("up", "--yes", "--skip-preview");
      declare(ids.slice(1));
      const screen = await run("preview", "--diff");
      const [diff = ""] = screen.split("\nResources:");
      const lines = diff.split("\n").map((line) => line.trim());
      const changes = lines.filter((line) => /^[-+~]/.test(line));
      assert.deepEqual(changes, [
        "~ datadog-findings:index:FindingsAssignment: (update)",
        "~ findingIds: [",
        `- [0]: "${ids[0]}"`,
      ]);
      for (const id of ids.slice(1)) assert.ok(!screen.includes(id), screen);
    } finally {
      project.close();
      plugin.remove();
      await server.close();
    }
  });
});
