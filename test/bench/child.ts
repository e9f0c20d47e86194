import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { type Measured, type State, storedResource, work } from "./work";

/** Loaded one by one: what the others import is no part of a contender's memory. */
const contenders = {
  provider: async () => (await import("./contenders/provider.js")).runProvider,
  script: async () => (await import("./contenders/script.js")).runScript,
  naive: async () => (await import("./contenders/naive.js")).runNaive,
};

/**
 * Does one piece of work, which the file named by the first argument describes, and tells the parent what it
 * took.
 */
async function main(workFile: string): Promise<void> {
  const task = work.parse(JSON.parse(readFileSync(workFile, "utf8")));
  const state = load(task.stateFile);
  const run = await contenders[task.contender]();
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const failure = await run(task, state).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const cpu = process.cpuUsage(cpuBefore);
  const result: Measured = {
    seconds: (performance.now() - startedAt) / 1_000,
    cpuSeconds: (cpu.user + cpu.system) / 1_000_000,
    peakMb: process.resourceUsage().maxRSS / 1_024,
    ...(failure !== undefined && { failure }),
  };
  writeFileSync(task.stateFile, JSON.stringify([...state]));
  process.send?.(result, () => process.exit());
}

function load(file: string): State {
  if (!existsSync(file)) return new Map();
  return new Map(
    z.array(z.tuple([z.string(), storedResource])).parse(JSON.parse(readFileSync(file, "utf8"))),
  );
}

void main(process.argv[2] ?? "");
