import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { install, installed, linked, ofPackage, ofProgram, own, packPackage, project } from "./freshProject";

/** Packages of a workspace, by name, each with its `package.json` beside what it may import. */
export type Workspace = Readonly<Record<string, readonly string[]>>;

/**
 * A pnpm workspace outside of the repository, with the packed package. Each of its packages finds what it
 * declares, and nothing else.
 * @param packages what each declares: `pulumi-datadog-findings`, `@pulumi/pulumi`, or another one of them
 */
export function pnpmWorkspace(folder: string, packages: Workspace): string {
  const { tarball } = packPackage(folder);
  const source = (name: string) =>
    name === own ? `file:${tarball}` : name in packages ? "workspace:*" : "*";
  const workspace = writeWorkspace(folder, packages, source);
  const root = { ...project, pnpm: { overrides: linked([...ofPackage, ...ofProgram], "link") } };
  writeFileSync(join(workspace, "package.json"), JSON.stringify(root));
  writeFileSync(join(workspace, "pnpm-workspace.yaml"), JSON.stringify({ packages: Object.keys(packages) }));
  install(folder, workspace, "pnpm");
  return workspace;
}

/** A workspace laid out as by pnpm, but with links to this repository's packages instead of the tarball. */
export function isolatedWorkspace(folder: string, packages: Workspace): string {
  const workspace = writeWorkspace(folder, packages, () => "*");
  for (const [name, declared] of Object.entries(packages)) {
    const modules = join(workspace, name, "node_modules");
    rmSync(modules, { recursive: true, force: true });
    for (const dependency of declared) {
      const link = join(modules, dependency);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(dependency in packages ? join(workspace, dependency) : join(installed, dependency), link);
    }
  }
  return workspace;
}

function writeWorkspace(folder: string, packages: Workspace, source: (name: string) => string): string {
  const workspace = join(folder, "workspace");
  for (const [name, declared] of Object.entries(packages)) {
    const dependencies = Object.fromEntries(declared.map((each) => [each, source(each)]));
    mkdirSync(join(workspace, name), { recursive: true });
    writeFileSync(join(workspace, name, "package.json"), JSON.stringify({ ...project, name, dependencies }));
  }
  return workspace;
}
