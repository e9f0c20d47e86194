import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

/** The plugin's executable as the package has it. @throws Error where the source is newer: it would test the past */
export function builtPlugin(): string {
  const bundle = join(root, "dist", "bundle", "plugin.js");
  const builtAt = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const source = join(root, "provider");
  const newer = readdirSync(source, { recursive: true, encoding: "utf8" }).find(
    (file) => file.endsWith(".ts") && statSync(join(source, file)).mtimeMs > builtAt,
  );
  if (newer !== undefined) throw new Error(`provider/${newer} is newer than the bundle: npm run build`);
  return bundle;
}
