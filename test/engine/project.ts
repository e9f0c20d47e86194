import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const runtimeOptions = z.looseObject({
  nodeargs: z.string().default(""),
  typescript: z.union([z.boolean(), z.stringbool()]).default(true),
  tsconfig: z.string().optional(),
});
const runtime = z.object({ name: z.literal("nodejs"), options: runtimeOptions.prefault({}) });
const projectSchema = z.looseObject({
  name: z.string(),
  main: z.string().default("."),
  plugins: z
    .object({ providers: z.array(z.object({ name: z.string(), path: z.string() })).default([]) })
    .prefault({}),
  runtime: z.preprocess((value) => (typeof value === "string" ? { name: value } : value), runtime),
});

export type Project = ReturnType<typeof loadProject>;

/** What `Pulumi.yaml` says, with the paths that the child processes need. */
export function loadProject(projectDir: string) {
  const root = resolve(projectDir);
  const { name, main, runtime, plugins } = projectSchema.parse(
    parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")),
  );
  const target = resolve(root, main);
  /** The folder that `main` names, where program and provider run. */
  const programDirectory = statSync(target).isDirectory() ? target : dirname(target);
  const { nodeargs, typescript, tsconfig } = runtime.options;
  /** The SDK of the project: its own copy, not the engine's. */
  const sdk = createRequire(join(programDirectory, "package.json"));
  return {
    name,
    /** The folder of `Pulumi.yaml`. */
    root,
    /** Folders of plugins, by package. */
    pluginPaths: new Map(plugins.providers.map((plugin) => [plugin.name, plugin.path])),
    programDirectory,
    /** What is run there: a file name, or "." for the folder. */
    entryPoint: relative(programDirectory, target) || ".",
    nodeArguments: (nodeargs.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) =>
      word.replace(/^(["'])(.*)\1$/, "$2"),
    ),
    environment: {
      ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
      ...(tsconfig && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    },
    runScript: sdk.resolve("@pulumi/pulumi/cmd/run/index.js"),
    dynamicProviderScript: sdk.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js"),
  };
}
