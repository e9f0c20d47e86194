import { cpSync, existsSync, symlinkSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/**
 * Packages are linked, history and tests are not needed, and the config of somebody's own stacks is none of
 * the copy's.
 */
const left = /^(node_modules|\.git|test|Pulumi\..+\.ya?ml)$/;

/**
 * Copies a project with all that its programs need; again, over the former copy, what has been edited since.
 */
export function copyProject(projectDir: string, copy: string): void {
  cpSync(projectDir, copy, { recursive: true, filter: (source) => !left.test(basename(source)) });
  const modules = join(copy, "node_modules");
  if (!existsSync(modules)) symlinkSync(modulesOf(resolve(projectDir)), modules, "junction");
}

/** The folder that a program there finds its packages in. */
function modulesOf(folder: string): string {
  const modules = join(folder, "node_modules");
  if (existsSync(join(modules, "@pulumi", "pulumi"))) return modules;
  if (dirname(folder) === folder)
    throw new Error("no node_modules with @pulumi/pulumi: npm install comes first");
  return modulesOf(dirname(folder));
}
