import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { installPackages } from "../support/installPackages";
import { plainProgram, typedProgram } from "./freshProgram";

const root = join(__dirname, "..", "..");
const installed = join(root, "node_modules");

const own = "pulumi-datadog-findings";
const names = z.record(z.string(), z.string());
const manifest = z.object({ dependencies: names, devDependencies: names });

/** Dependencies of the package. All that is installed is taken from this repository's own installation. */
const ofPackage = ["undici", "zod", "yaml", "fastest-levenshtein"];
/** What the example pack declares, which is all that any example declares. */
const ofProgram = declaredPackages("policy-pack").filter((name) => name !== own);

export type Manager = "npm" | "pnpm";
export type Loading = "ts-node" | "tsx" | "ES module";

/** The packages that an example needs by its `package.json`. */
export function declaredPackages(example: string): string[] {
  const file = join(root, "examples", example, "package.json");
  const { dependencies, devDependencies } = manifest.parse(JSON.parse(readFileSync(file, "utf8")));
  return Object.keys({ ...dependencies, ...devDependencies }).sort();
}

const packed = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })]);

/** Packs the package as it would be published. @returns path of the tarball, and the files in it */
export function packPackage(folder: string): { tarball: string; files: string[] } {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const output = execFileSync("npm", args, {
    cwd: root,
    env: isolatedEnv(folder),
    encoding: "utf8",
    stdio: "pipe",
  });
  const [{ filename, files }] = packed.parse(JSON.parse(output));
  return { tarball: join(folder, filename), files: files.map(({ path }) => path) };
}

/**
 * A Pulumi project outside of the repository, with the tarball installed by npm or pnpm. No network is needed,
 * but for pnpm itself.
 */
export function freshProject(folder: string, tarball: string, manager: Manager): string {
  const project = join(folder, manager);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify(description(tarball, manager)));
  install(folder, project, manager);
  return project;
}

/** Packages of a workspace, by name, each with its `package.json` beside what it may import. */
type Workspace = Readonly<Record<string, readonly string[]>>;

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

function install(folder: string, project: string, manager: Manager): void {
  const command = manager === "npm" ? "npm" : pnpm(folder);
  execFileSync(command, ["install", "--offline", "--ignore-scripts"], {
    cwd: project,
    env: isolatedEnv(folder),
    stdio: "pipe",
    timeout: 60_000,
  });
}

/** As one command, which is installed where it is not yet. */
function pnpm(folder: string): string {
  const tool = join(folder, "pnpm-itself");
  const command = join(tool, "node_modules", ".bin", "pnpm");
  if (!existsSync(command)) installPackages(tool, "pnpm@10.34.9");
  return command;
}

/** Makes the project's program one that is loaded in this way; nothing is installed anew. */
export function writeProgram(project: string, loading: Loading): void {
  const isModule = loading === "ES module";
  const main = isModule ? "index.mjs" : "index.ts";
  const options = loading === "tsx" ? { nodeargs: "--import tsx", typescript: false } : {};
  const pulumi = { name: "fresh", main, runtime: { name: "nodejs", options } };
  for (const name of ["index.mjs", "index.ts"]) rmSync(join(project, name), { force: true });
  writeFileSync(join(project, "Pulumi.yaml"), JSON.stringify(pulumi));
  // By this the SDK imports the program: it requires any other, which Node.js takes from 20.19 on.
  const file = join(project, "package.json");
  const { type, ...rest } = z.looseObject({}).parse(JSON.parse(readFileSync(file, "utf8")));
  writeFileSync(file, JSON.stringify({ ...rest, ...(isModule && { type: "module" }) }));
  writeFileSync(join(project, main), isModule ? plainProgram : typedProgram);
  const compilerOptions = {
    strict: true,
    module: "node16",
    target: "ES2022",
    types: ["node"],
    skipLibCheck: true,
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
}

const project = { name: "fresh", version: "1.0.0", private: true };

function linked(packages: readonly string[], protocol: "file" | "link"): Record<string, string> {
  return Object.fromEntries(packages.map((name) => [name, `${protocol}:${join(installed, name)}`]));
}

/** The project that npm installs has no ts-node, so that the SDK takes its own; the other one has. */
function description(tarball: string, manager: Manager): object {
  const packed = { [own]: `file:${tarball}` };
  if (manager === "npm")
    return {
      ...project,
      dependencies: { ...packed, ...linked([...ofPackage, ...ofProgram, "tsx"], "file") },
    };
  return {
    ...project,
    dependencies: { ...packed, ...linked([...ofProgram, "ts-node", "tsx"], "link") },
    pnpm: { overrides: linked([...ofPackage, "@pulumi/pulumi", "@pulumi/policy"], "link") },
  };
}

/**
 * None of the machine's own settings, an empty home (so no cache), and a registry that nobody answers for:
 * whatever is not in the repository's installation cannot be installed. `CI` would freeze pnpm's lock file.
 */
export function isolatedEnv(folder: string): NodeJS.ProcessEnv {
  const foreign = /^(npm_|pnpm_|xdg_|corepack_|node_options$|ci$)|_proxy$/i;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const home = join(folder, "home");
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    npm_config_globalconfig: join(home, "none"),
    npm_config_registry: "http://127.0.0.1:9",
    npm_config_offline: "true",
    npm_config_update_notifier: "false",
  };
}
