import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { buildSync } from "esbuild";

const cache = join(__dirname, "..", "..", "node_modules", ".cache", `bundled-${process.pid}`);
const bundled = new Map<string, string>();

/**
 * A script of the tests as one file of JavaScript, which starts without a compiler; made once in a process, and
 * gone with it. What it imports of packages is the repository's.
 */
export function bundledScript(script: string): string {
  const known = bundled.get(script);
  if (known !== undefined) return known;
  if (bundled.size === 0) process.once("exit", () => rmSync(cache, { recursive: true, force: true }));
  const outfile = join(cache, basename(dirname(script)), `${basename(script, ".ts")}.cjs`);
  const options = { bundle: true, platform: "node", target: "node20", packages: "external" } as const;
  buildSync({ entryPoints: [script], outfile, ...options });
  bundled.set(script, outfile);
  return outfile;
}
