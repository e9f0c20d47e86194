import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GO_SDK, JAVA_SDK } from "./sdkVersions";

/** What each package manager is asked for. */
const commands = {
  npm: ["view", "zod", "version"],
  pip: ["download", "--no-deps", "--quiet", "semver"],
  go: ["mod", "download", `github.com/pulumi/pulumi/sdk/v3@v${GO_SDK}`],
  mvn: ["-B", "-q", "dependency:get", `-Dartifact=com.pulumi:pulumi:${JAVA_SDK}`],
} as const;

/** Whether a package manager is there, and reaches its registry, or has what the tests need of it. */
export function hasRegistry(manager: keyof typeof commands): boolean {
  const cwd = mkdtempSync(join(tmpdir(), "findings-registry-"));
  try {
    execFileSync(manager, commands[manager], { cwd, stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
