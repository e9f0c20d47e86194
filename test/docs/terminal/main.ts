import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY, Emulator, startEmulator } from "../../emulator";
import { findPulumiCli } from "../../engine";
import { runCommand } from "../../support/commandLine";
import { root } from "../pages";
import { quickstartWorld } from "../quickstartWorld";
import { terminalLines } from "./terminalLines";
import { terminalSvg } from "./terminalSvg";

const run = promisify(execFile);
const PICTURE = join(root, "docs", "pictures", "terminal.svg");

/** Runs the quickstart on the pulumi CLI of PATH, against the emulator, and draws what it prints. */
async function main(): Promise<void> {
  const cli = findPulumiCli();
  if (cli === undefined) throw new Error("a pulumi CLI on PATH is needed");
  const folder = mkdtempSync(join(tmpdir(), "findings-terminal-"));
  const server = await startEmulator({ emulator: new Emulator(quickstartWorld()) });
  try {
    await runCommand({}, ["init", join(folder, "findings"), "--emulator"]);
    const project = join(folder, "findings");
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"), "junction");
    const env = {
      ...process.env,
      DD_HOST: server.url,
      DD_API_KEY: EMULATOR_API_KEY,
      DD_APP_KEY: EMULATOR_APP_KEY,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "try-it",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    const pulumi = async (...args: string[]) => (await run(cli, args, { cwd: project, env })).stdout;
    await pulumi("stack", "init", "dev");
    const preview = terminalLines(await pulumi("preview", "--color", "always"));
    const up = terminalLines(await pulumi("up", "--yes", "--skip-preview", "--color", "always"));
    const lines = ["$ pulumi preview", ...preview, "", "$ pulumi up", ...up];
    writeFileSync(PICTURE, terminalSvg(lines, "pulumi preview and pulumi up in a terminal"));
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
