import { existsSync, realpathSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { Project } from "./project";

/**
 * The script of a plugin: in the folder that the project names for it, or else on PATH. It has to be one of
 * node's.
 * @throws Error where there is none
 */
export function findPlugin(project: Project, packageName: string, env: NodeJS.ProcessEnv): string {
  const named = project.pluginPaths.get(packageName);
  const folders = named === undefined ? (env["PATH"] ?? "").split(delimiter) : [resolve(project.root, named)];
  const files = [`pulumi-resource-${packageName}`, ...(named === undefined ? [] : ["index.js"])];
  const found = folders
    .flatMap((folder) => files.map((file) => join(folder, file)))
    .find((file) => existsSync(file));
  if (found === undefined)
    throw new Error(`there is no plugin ${packageName}, neither in the project nor on PATH`);
  return realpathSync(found);
}
