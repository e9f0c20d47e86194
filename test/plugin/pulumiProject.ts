import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanEnv } from "../deployment/testbed";
import { builtPlugin } from "../support/builtPlugin";

export interface Ran {
  readonly code: number;
  /** Of both streams. */
  readonly text: string;
}

/** A folder in which the `pulumi` CLI works, with a backend of its own; gone after `close`. */
export interface PulumiProject {
  readonly folder: string;
  run(...args: readonly string[]): Promise<Ran>;
  /** Runs, and returns what was said. @throws AssertionError with that where the exit code is not 0 */
  succeed(...args: readonly string[]): Promise<string>;
  start(...args: readonly string[]): ChildProcess;
  close(): void;
}

/** @param source the folder of a program to copy; it finds the packages of this repository, and the plugin in `.bin` */
export function openPulumiProject(source: string | undefined, env: NodeJS.ProcessEnv): PulumiProject {
  const home = mkdtempSync(join(tmpdir(), "findings-cli-"));
  const folder = join(home, "project");
  if (source !== undefined) {
    cpSync(source, folder, { recursive: true, filter: (path) => !/node_modules$/.test(path) });
    installPackages(join(folder, "node_modules"));
  }
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...cleanEnv,
    PULUMI_HOME: join(home, "home"),
    PULUMI_BACKEND_URL: `file://${home}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    NO_COLOR: "1",
    ...env,
  };
  const cwd = source === undefined ? home : folder;
  const run: PulumiProject["run"] = (...args) =>
    new Promise((resolve) => {
      execFile("pulumi", args, { cwd, env: environment, maxBuffer: 64e6 }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, text: stdout + stderr }),
      );
    });
  return {
    folder: cwd,
    run,
    async succeed(...args) {
      const { code, text } = await run(...args);
      assert.equal(code, 0, text);
      return text;
    },
    start: (...args) => spawn("pulumi", args, { cwd, env: environment, stdio: "ignore" }),
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** As npm leaves it, with links for packages. */
function installPackages(folder: string): void {
  const installed = join(__dirname, "..", "..", "node_modules");
  mkdirSync(join(folder, ".bin"), { recursive: true });
  for (const name of readdirSync(installed))
    if (!name.startsWith(".")) symlinkSync(join(installed, name), join(folder, name));
  symlinkSync(builtPlugin(), join(folder, ".bin", "pulumi-resource-datadog-findings"));
}
