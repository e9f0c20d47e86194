import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { buildSync } from "esbuild";

const bundled = new Map<string, string>();

/**
 * A script of the tests as one file of JavaScript, which starts without a compiler; made once in a process, and
 * gone with it. It is written into the nearest node_modules, so that it
 * finds the same packages as the script.
 */
export function bundledScript(script: string): string {
  const known = bundled.get(script);
  if (known !== undefined) return known;
  const modules = createRequire(script).resolve.paths("any")?.find(existsSync);
  if (modules === undefined) throw new Error(`${script}: nothing is installed that it could import`);
  const folder = join(modules, ".cache", `bundled-${process.pid}`, basename(dirname(script)));
  process.once("exit", () => rmSync(dirname(folder), { recursive: true, force: true }));
  const outfile = join(folder, `${basename(script, ".ts")}.cjs`);
  const options = { bundle: true, platform: "node", target: "node20", packages: "external" } as const;
  buildSync({ entryPoints: [script], outfile, ...options });
  bundled.set(script, outfile);
  return outfile;
}
