import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { typesProgram } from "./freshProgram";

/** How a program is compiled: what TypeScript calls `moduleResolution`, and `module` to go with it. */
export const resolutions = {
  /** The classic Pulumi project: no `esModuleInterop`. */
  node: { module: "commonjs", moduleResolution: "node", sources: ["index.ts"] },
  node16: { module: "node16", moduleResolution: "node16", sources: ["index.ts", "index.mts"] },
  bundler: { module: "esnext", moduleResolution: "bundler", sources: ["index.ts"] },
} as const;

const OF_OTHERS = /[\\/]node_modules[\\/](@pulumi[\\/]policy|@grpc[\\/]grpc-js)[\\/]/;

export type Resolution = keyof typeof resolutions;

/**
 * Type-checks a program that uses all of the package, and the declarations of all packages with it.
 * @param project has the package installed
 * @param tsc the compiler's `lib/tsc.js`
 * @returns its errors, a line each; those in declarations of others left out: @pulumi/policy 1.21 has some
 * that do not fit each other, and @grpc/grpc-js 1.14 imports some that TypeScript 5.0 does not find under
 * `bundler`
 */
export function typeCheck(
  project: string,
  resolution: Resolution,
  tsc: string,
  options: object = {},
): string[] {
  const { sources, ...how } = resolutions[resolution];
  const folder = join(project, `types-${resolution}`);
  mkdirSync(folder, { recursive: true });
  for (const source of sources) writeFileSync(join(folder, source), typesProgram);
  const compilerOptions = {
    ...how,
    target: "ES2020",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
    ...options,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: sources }));
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", "."], { cwd: folder, encoding: "utf8" });
  return `${stdout}${stderr}`.split("\n").filter((line) => line !== "" && !OF_OTHERS.test(line));
}
