import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Packages from the registry, in a folder of their own: what only the matrix needs is no dependency.
 * @param into is made where it is not there
 * @param packages each as `npm install` takes it
 * @returns their `node_modules`
 * @throws Error where they cannot be had
 */
export function installPackages(into: string, ...packages: readonly string[]): string {
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, "package.json"), "{}");
  execFileSync("npm", ["install", "--no-audit", "--no-fund", ...packages], { cwd: into, stdio: "pipe" });
  return join(into, "node_modules");
}

/** npm's codes of a registry that cannot be reached, and of one that has not everything. */
const CANNOT_BE_HAD = /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENOTCACHED|E404)\b/;

/**
 * The same for a test or a hook, which is left out, and says why, where the registry cannot be reached or does
 * not have them. Another failure of npm is one of the test.
 */
export function installOrSkip(test: Mocha.Context, into: string, ...packages: readonly string[]): string {
  try {
    return installPackages(into, ...packages);
  } catch (error) {
    const code = CANNOT_BE_HAD.exec(String(error))?.[0];
    if (code === undefined) throw error;
    console.log(`      ${packages.join(", ")} cannot be had here (${code}): left out`);
    return test.skip();
  }
}
