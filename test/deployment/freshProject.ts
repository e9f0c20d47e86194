import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const installed = join(root, "node_modules");

/** Dependencies of the package, and what a TypeScript program needs: all taken from this repository's own installation. */
const ofPackage = ["undici", "zod", "yaml", "fastest-levenshtein"];
const ofProgram = ["@pulumi/pulumi", "typescript", "ts-node", "tsx", "@types/node"];

/** A registry that nobody answers for: whoever asks it fails at once. */
const env = { ...process.env, npm_config_registry: "http://127.0.0.1:9", npm_config_offline: "true" };

export type Loading = "ts-node" | "tsx" | "ES module";

/** Packs the package as it would be published. @returns path of the tarball, and the files in it */
export function packPackage(folder: string): { tarball: string; files: string[] } {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const output = execFileSync("npm", args, {
    cwd: root,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(output) as { filename: string; files: { path: string }[] }[];
  return {
    tarball: join(folder, packed?.filename ?? ""),
    files: packed?.files.map(({ path }) => path) ?? [],
  };
}

/** A Pulumi project outside of the repository, with the tarball installed by npm or pnpm, without any network. */
export function freshProject(
  folder: string,
  tarball: string,
  manager: "npm" | "pnpm",
  loading: Loading,
): string {
  const project = join(folder, `${manager}-${loading.replace(/\W/g, "")}`);
  mkdirSync(project);
  const write = (name: string, text: string) => writeFileSync(join(project, name), text);
  const linked = (names: readonly string[], protocol: string) =>
    Object.fromEntries(names.map((name) => [name, `${protocol}:${join(installed, name)}`]));
  const own = { "pulumi-datadog-findings": `file:${tarball}` };
  const isModule = loading === "ES module";
  const dependencies =
    manager === "npm"
      ? { ...own, ...linked([...ofPackage, ...ofProgram], "file") }
      : { ...own, ...linked(ofProgram, "link") };
  const pnpm = { overrides: linked([...ofPackage, "@pulumi/pulumi"], "link") };
  write(
    "package.json",
    JSON.stringify({
      name: "fresh",
      private: true,
      main: isModule ? "index.js" : "index.ts",
      ...(isModule && { type: "module" }),
      dependencies,
      ...(manager === "pnpm" && { pnpm }),
    }),
  );
  const options = loading === "tsx" ? '\n  options: { nodeargs: "--import tsx", typescript: false }' : "";
  write("Pulumi.yaml", `name: fresh\nruntime:\n  name: nodejs${options || "\n  options: {}"}\n`);
  write(isModule ? "index.js" : "index.ts", isModule ? program : typedProgram);
  write(
    "tsconfig.json",
    JSON.stringify({ compilerOptions: { strict: true, module: "node16", skipLibCheck: true } }),
  );
  install(project, manager);
  return project;
}

function install(project: string, manager: "npm" | "pnpm"): void {
  const run = (command: string, args: readonly string[]) =>
    execFileSync(command, args, { cwd: project, env, stdio: "pipe", timeout: 60_000 });
  if (manager === "npm") run("npm", ["install", "--offline", "--ignore-scripts", "--legacy-peer-deps"]);
  else {
    const store = join(project, "..", "store");
    const pnpm = join(installed, "pnpm", "bin", "pnpm.cjs");
    const args = [
      "install",
      "--offline",
      "--ignore-scripts",
      "--config.auto-install-peers=false",
      "--store-dir",
      store,
    ];
    run(process.execPath, [pnpm, ...args]);
  }
}

const program = `import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { FindingsAssignment } from "pulumi-datadog-findings";

const spec = JSON.parse(readFileSync(new pulumi.Config().require("spec"), "utf8"));
const assignments = Object.entries(spec).map(([name, args]) => new FindingsAssignment(name, args));
export const assigned = pulumi.all(assignments.map(({ findingIds }) => findingIds.apply((ids) => ids.length)));
`;

const typedProgram = program
  .replace("const spec =", "const spec: Record<string, FindingsAssignmentArgs> =")
  .replace("{ FindingsAssignment }", "{ FindingsAssignment, type FindingsAssignmentArgs }");
