import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether a package manager reaches its registry. */
export function hasRegistry(manager: "npm" | "pip"): boolean {
  const folder = mkdtempSync(join(tmpdir(), "findings-registry-"));
  const args =
    manager === "npm" ? ["view", "zod", "version"] : ["download", "--no-deps", "-d", folder, "semver"];
  try {
    execFileSync(manager, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
