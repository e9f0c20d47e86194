import { z } from "zod";

/** What a contender is told to do, in a process of its own. */
export const work = z.object({
  contender: z.enum(["provider", "script", "naive"]),
  /** Where the emulator listens. */
  url: z.string(),
  step: z.enum(["up", "refresh"]),
  /** How many resources are under way at once, as with the engine's `--parallel`. */
  parallel: z.number(),
  /** Resources of ids, by their owners' UUIDs. */
  assignments: z.array(z.object({ name: z.string(), findingIds: z.array(z.string()), assignee: z.string() })),
  /** Rules of one ownership; empty: none. */
  rules: z.array(z.object({ name: z.string(), query: z.string(), assignee: z.string() })),
  /** File with the state of the stack: read where it exists, and written. */
  stateFile: z.string(),
});

export type Work = z.infer<typeof work>;

/** What the work took in the process itself. */
export const measured = z.object({
  seconds: z.number(),
  cpuSeconds: z.number(),
  /** Peak of the whole process. */
  peakMb: z.number(),
  /** Why it did not come to its end. */
  failure: z.string().optional(),
});

export type Measured = z.infer<typeof measured>;

/** A stored resource. */
export const storedResource = z.object({
  id: z.string(),
  inputs: z.record(z.string(), z.unknown()),
  outputs: z.record(z.string(), z.unknown()),
});

export type State = Map<string, z.infer<typeof storedResource>>;
