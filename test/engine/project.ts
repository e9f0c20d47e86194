import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const runtimeOptions = z.looseObject({
  nodeargs: z.string().default(""),
  typescript: z.union([z.boolean(), z.stringbool()]).default(true),
  tsconfig: z.string().optional(),
});
const projectSchema = z.looseObject({
  name: z.string(),
  main: z.string().optional(),
  runtime: z.union([
    z.string().transform((name) => ({ name, options: runtimeOptions.parse({}) })),
    z.object({ name: z.string(), options: runtimeOptions.default(() => runtimeOptions.parse({})) }),
  ]),
});

/** What `Pulumi.yaml` says, with the paths that the child processes need. */
export interface Project {
  readonly name: string;
  /** The folder of `Pulumi.yaml`. */
  readonly root: string;
  /** The folder that `main` names, where program and provider run. */
  readonly programDirectory: string;
  /** What is run there: a file name, or "." for a folder. */
  readonly entryPoint: string;
  readonly nodeArguments: readonly string[];
  readonly environment: Record<string, string>;
  /** The SDK of the project: its own copy, not the engine's. */
  readonly runScript: string;
  readonly dynamicProviderScript: string;
}

const unquote = (word: string) => word.replace(/^(["'])(.*)\1$/, "$2");

export function loadProject(projectDir: string): Project {
  const root = resolve(projectDir);
  const {
    name,
    main = ".",
    runtime,
  } = projectSchema.parse(parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")));
  if (runtime.name !== "nodejs")
    throw new Error(`the embedded engine runs nodejs programs, not ${runtime.name}`);
  const target = resolve(root, main);
  const isFolder = statSync(target).isDirectory();
  const programDirectory = isFolder ? target : dirname(target);
  const sdk = createRequire(join(programDirectory, "package.json"));
  const { nodeargs, typescript, tsconfig } = runtime.options;
  return {
    name,
    root,
    programDirectory,
    entryPoint: isFolder ? "." : target.slice(programDirectory.length + 1),
    nodeArguments: (nodeargs.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map(unquote),
    environment: {
      ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
      ...(tsconfig && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    },
    runScript: sdk.resolve("@pulumi/pulumi/cmd/run/index.js"),
    dynamicProviderScript: sdk.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js"),
  };
}
