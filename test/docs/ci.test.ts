import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { initFiles, packageManifest } from "../../provider/cli/initFiles";
import { version } from "../../provider/datadog/http/version";
import { cleanEnv } from "../deployment/testbed";
import { type EmulatorServer, startEmulator } from "../emulator";
import { type DeploymentEngine, embeddedEngine } from "../engine";
import { emulatorEnvironment, runCommand } from "../support/commandLine";
import { pageOf, root } from "./pages";
import { quickstartWorld } from "./quickstartWorld";

const { blocks } = pageOf("docs/ci.md");
/** What the page shows of the pull request, by the command. */
const shown = (command: string) =>
  blocks.find(({ note }) => note === `of the pull request: ${command}`)?.text ?? assert.fail(command);

/** As `init --emulator` writes it. */
function writeProject(folder: string): void {
  mkdirSync(folder);
  const files = initFiles({ folderName: "findings", forEmulator: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "package.json"), packageManifest(undefined, version, process.versions.node));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
}

/** In place of the CLI, for a stack without settings. */
async function writePulumi(bin: string, engine: DeploymentEngine): Promise<void> {
  mkdirSync(bin);
  writeFileSync(join(bin, "state.json"), JSON.stringify(await engine.exportState()));
  const script = `#!/bin/sh\ncase "$1" in config) echo "{}";; stack) cat ${bin}/state.json;; esac\n`;
  writeFileSync(join(bin, "pulumi"), script, { mode: 0o755 });
}

describe("the pull request of docs/ci.md", function () {
  this.timeout(120_000);
  let folder: string;
  let project: string;
  let server: EmulatorServer;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "findings-ci-"));
    project = join(folder, "project");
    writeProject(project);
    server = await startEmulator(quickstartWorld());
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it("shows the same changes in the preview and in the report, as the page has them", async () => {
    const engine = embeddedEngine.create({
      projectDir: project,
      stack: "production",
      stateDir: join(folder, "state"),
      env: { ...cleanEnv, ...emulatorEnvironment(server) },
    });
    const deployed = await engine.up();
    assert.equal(deployed.exitCode, 0, deployed.stdout);
    await writePulumi(join(folder, "bin"), engine);

    const file = join(project, "ownership.yaml");
    const changed = blocks.find(({ text }) => text.startsWith("# ownership.yaml\n"));
    writeFileSync(file, changed?.text ?? "");
    const preview = await engine.preview();
    assert.equal(preview.exitCode, 0, preview.stdout);
    const printed = preview.stdout.replace(/^ {4}/gm, "");
    assert.ok(printed.includes(shown("pulumi preview")), printed);

    const env = {
      ...emulatorEnvironment(server),
      PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter),
    };
    const { code, out, err } = await runCommand(env, ["report", file, "--stack", "production"]);
    assert.equal(code, 0, err);
    const command = "npx pulumi-datadog-findings report ownership.yaml --stack production";
    assert.equal(`${out}\n`, shown(command));
  });
});
