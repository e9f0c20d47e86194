import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { builtPlugin } from "../support/builtPlugin";

/** The plugin where an engine finds it. */
export interface PluginOnPath {
  /** The executable, as `pulumi package` takes it. */
  readonly file: string;
  /** A PATH on which it is. */
  readonly PATH: string;
  remove(): void;
}

export function pluginOnPath(): PluginOnPath {
  const folder = mkdtempSync(join(tmpdir(), "findings-plugin-"));
  const file = join(folder, "pulumi-resource-datadog-findings");
  symlinkSync(builtPlugin(), file);
  return {
    file,
    PATH: `${folder}${delimiter}${process.env["PATH"]}`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
