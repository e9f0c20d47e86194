import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { type Measured, type State, storedResource, type Work, work } from "./work";

/** How a contender does its work. */
export type Contend = (work: Work, state: State) => Promise<void>;

/**
 * The whole script of a contender, in a process of its own: does the piece of work that the file named by the
 * first argument describes, and tells the parent what it took.
 */
export async function contend(run: Contend): Promise<void> {
  const task = work.parse(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")));
  const state = load(task.stateFile);
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
