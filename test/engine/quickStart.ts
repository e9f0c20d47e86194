import { join } from "node:path";

/** Environment in which the processes of the SDK start sooner. The caller's own environment goes before. */
export const quickStart: NodeJS.ProcessEnv = {
  NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "deferModules.cjs"))}`,
  // programs are type-checked with the repository
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
};
