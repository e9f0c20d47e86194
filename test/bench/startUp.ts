import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { builtPlugin } from "../support/builtPlugin";

/** What it takes until a provider's process tells the engine its port; medians. */
export interface StartUp {
  readonly front: string;
  readonly ms: number;
  /** Resident memory then. */
  readonly mb: number;
}

/**
 * Starts both kinds of provider as an engine does. The SDK's dynamic provider loads this package only with
 * the first call.
 * @param runs of each, one after another
 */
export async function measureStartUps(runs = 9): Promise<StartUp[]> {
  const fronts = {
    "dynamic provider": require.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js"),
    plugin: builtPlugin(),
  };
  const results: StartUp[] = [];
  for (const [front, script] of Object.entries(fronts)) {
    const seen: { ms: number; mb: number }[] = [];
    for (let run = 0; run < runs; run++) seen.push(await startOnce(script));
    results.push({ front, ms: median(seen.map(({ ms }) => ms)), mb: median(seen.map(({ mb }) => mb)) });
  }
  return results;
}

async function startOnce(script: string): Promise<{ ms: number; mb: number }> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [script, "127.0.0.1:1"], { stdio: ["pipe", "pipe", "ignore"] });
  const ended = once(child, "exit");
  await once(createInterface({ input: child.stdout }), "line");
  const ms = performance.now() - startedAt;
  const kilobytes = execFileSync("ps", ["-o", "rss=", "-p", String(child.pid)], { encoding: "utf8" });
  child.kill("SIGKILL");
  await ended;
  return { ms, mb: Number(kilobytes) / 1_024 };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

/** As a Markdown table. */
export function describeStartUps(startUps: readonly StartUp[]): string {
  const lines = startUps.map(({ front, ms, mb }) => `| ${front} | ${Math.round(ms)} | ${Math.round(mb)} |`);
  return ["| start of the | ms until it has a port | MB then |", "| --- | --- | --- |", ...lines].join("\n");
}
