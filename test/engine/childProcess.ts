import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface NodeProcess {
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  /** Asks the process to end, insists after a second, and resolves when all of its output has been read. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface NodeProcessOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether its input is a pipe, which closes when this process is gone; default: there is none. */
  readonly hasInput?: boolean;
  onLine(stream: "stdout" | "stderr", line: string): void;
}

/** Children are of process groups of their own, which a Ctrl-C does not reach: they end with this process. */
const alive = new Set<ChildProcess>();
function endChildren(): void {
  for (const orphan of alive) orphan.kill("SIGKILL");
}
/** Ends the children, and then this process, unless somebody else decides about that. */
function endWithChildren(signal: NodeJS.Signals): void {
  endChildren();
  if (process.listenerCount(signal) > 1) return;
  process.off(signal, endWithChildren);
  process.kill(process.pid, signal);
}
process.once("exit", endChildren);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, endWithChildren);

/** The child ends with this process. */
export function endWithThis(child: ChildProcess): void {
  alive.add(child);
  child.once("close", () => alive.delete(child));
}

/** Starts a node process whose output is delivered line by line, while it runs. */
export function startNode(options: NodeProcessOptions): NodeProcess {
  const child = spawn(process.execPath, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: "pipe",
    detached: process.platform !== "win32",
  });
  if (!options.hasInput) child.stdin.end();
  endWithThis(child);
  for (const stream of ["stdout", "stderr"] as const)
    createInterface({ input: child[stream] }).on("line", (line) => options.onLine(stream, line));
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  return { pid: child.pid ?? -1, ended, stop: (signal) => stopChild(child, ended, signal) };
}

/** See {@link NodeProcess.stop}. */
export async function stopChild(
  child: ChildProcess,
  ended: Promise<ProcessEnd>,
  signal: NodeJS.Signals = "SIGINT",
): Promise<void> {
  child.kill(signal);
  const insist = setTimeout(() => child.kill("SIGKILL"), 1_000);
  await ended.finally(() => clearTimeout(insist));
}
