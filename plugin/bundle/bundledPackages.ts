import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { z } from "zod";

/** A package whose code is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its `package.json` names it, such as `MIT`. */
  readonly license: string;
  /** The texts that the package comes with. */
  readonly texts: readonly string[];
}

const manifest = z.object({ name: z.string(), version: z.string(), license: z.string() });

/**
 * The packages from `node_modules` that a bundle has code of, by name and version.
 * @param root the folder to which the paths of the metafile belong
 * @throws Error when a package comes without the text of its licence
 */
export function bundledPackages(metafile: Metafile, root: string): BundledPackage[] {
  const folders = new Set<string>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      if (bytesInOutput > 0 && file.includes("node_modules/")) folders.add(packageFolder(join(root, file)));
    }
  }
  return [...folders].sort().map(readPackage);
}

/** A package may have folders with a `package.json` of their own, which then has no version. */
function packageFolder(file: string): string {
  const parts = file.split("node_modules/");
  const [first = "", second = ""] = (parts.pop() ?? "").split("/");
  return join(parts.join("node_modules/"), "node_modules", first, first.startsWith("@") ? second : "");
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = manifest.parse(
    JSON.parse(readFileSync(join(folder, "package.json"), "utf8")),
  );
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  if (texts.length === 0) throw new Error(`${name} ${version} (${license}) has no file with its licence`);
  return { name, version, license, texts };
}

/** The text that goes along with the bundle. */
export function licenseTexts(packages: readonly BundledPackage[]): string {
  const intro = "The plugin's bundle has code of the packages below, each under its own licence.";
  const sections = packages.map(({ name, version, license, texts }) =>
    [`${"-".repeat(80)}\n${name} ${version} (${license})`, ...texts].join("\n\n"),
  );
  return `${[intro, ...sections].join("\n\n")}\n`;
}
