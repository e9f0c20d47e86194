import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A small package of each registry; what was downloaded before does as well. */
const packages = {
  npm: ["view", "zod", "version"],
  pip: ["download", "--no-deps", "--quiet", "semver"],
  go: ["mod", "download", "github.com/blang/semver@v3.5.1+incompatible"],
  mvn: ["-B", "-q", "dependency:get", "-Dartifact=com.google.code.findbugs:jsr305:3.0.2"],
} as const;

/** Whether a package manager is there, and reaches its registry. */
export function hasRegistry(manager: keyof typeof packages): boolean {
  const cwd = mkdtempSync(join(tmpdir(), "findings-registry-"));
  try {
    execFileSync(manager, packages[manager], { cwd, stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
