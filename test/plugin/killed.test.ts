import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatorServer,
  seedFindings,
  startEmulator,
} from "../emulator";
import { findPulumiCli } from "../engine";
import { type PluginOnPath, pluginOnPath } from "./pluginOnPath";
import { openPulumiProject, type PulumiProject } from "./pulumiProject";

/** As many batches as it takes for a kill to come in the middle. */
const FINDINGS = 500;

describe("a deployment of the plugin on the pulumi CLI that is killed", function () {
  this.timeout(180_000);
  let server: EmulatorServer;
  let plugin: PluginOnPath;
  let project: PulumiProject;
  let ids: string[];
  before(function () {
    if (findPulumiCli() === undefined) this.skip();
  });
  beforeEach(async () => {
    server = await startEmulator({ findings: seedFindings({ count: FINDINGS }) });
    for (const id of server.emulator.owners().keys()) server.emulator.reassignByHand(id, null);
    ids = [...server.emulator.owners().keys()];
    plugin = pluginOnPath();
    project = openPulumiProject(join(__dirname, "program"), {
      PATH: plugin.PATH,
      DD_API_KEY: EMULATOR_API_KEY,
      DD_APP_KEY: EMULATOR_APP_KEY,
    });
    const spec = join(project.folder, "spec.json");
    const [owner] = server.emulator.users;
    const resources = { a: { findingIds: ids, assignee: owner?.id } };
    writeFileSync(spec, JSON.stringify({ front: { name: "plugin" }, resources }));
    for (const args of [
      ["stack", "init", "dev"],
      ["config", "set", "spec", spec],
      ["config", "set", "datadog-findings:apiUrl", server.url],
    ])
      await project.succeed(...args);
  });
  afterEach(async () => {
    project.close();
    plugin.remove();
    await server.close();
  });

  for (const victims of [["engine"], ["plugin"], ["engine", "plugin"]]) {
    it(`(${victims.join(" and ")}) leaves nothing behind: the next up and destroy put everything right`, async () => {
      const { emulator } = server;
      const up = project.start("up", "--yes", "--skip-preview");
      const ended = once(up, "exit");
      let patches = 0;
      let pluginPid = 0;
      emulator.onRequest = ({ phase, request }) => {
        if (phase !== "after" || request.method !== "PATCH" || ++patches !== 2) return;
        pluginPid = descendant(up.pid ?? 0, /datadog-findings/);
        if (victims.includes("engine")) process.kill(up.pid ?? 0, "SIGKILL");
        if (victims.includes("plugin")) process.kill(pluginPid, "SIGKILL");
      };
      await ended;
      emulator.onRequest = undefined;
      assert.ok(pluginPid > 0, "nothing was killed");
      await gone(pluginPid);
      await project.run("cancel", "--yes");
      await project.succeed("up", "--yes", "--skip-preview");
      const [owner] = emulator.users;
      for (const id of ids) assert.equal(emulator.ownerOf(id), owner?.id);
      await project.succeed("destroy", "--yes", "--skip-preview");
      for (const id of ids) assert.equal(emulator.ownerOf(id), null);
    });
  }
});

/** The process below another one whose command matches. */
function descendant(ancestor: number, command: RegExp): number {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []);
  const childrenOf = (parent: number): string[][] =>
    rows
      .filter(([, , ppid]) => Number(ppid) === parent)
      .flatMap((row) => [[...row], ...childrenOf(Number(row[1]))]);
  const found = childrenOf(ancestor).find(([, , , args = ""]) => command.test(args));
  return Number(found?.[1] ?? 0);
}

/** A plugin whose engine is gone ends by itself. */
async function gone(pid: number): Promise<void> {
  const isAlive = () => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  while (isAlive()) await new Promise((resolve) => setTimeout(resolve, 50));
}
