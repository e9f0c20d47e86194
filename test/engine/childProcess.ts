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
  onLine(stream: "stdout" | "stderr", line: string): void;
}

const forward = (child: ChildProcess, stream: "stdout" | "stderr", options: NodeProcessOptions) => {
  const input = child[stream];
  if (input) createInterface({ input }).on("line", (line) => options.onLine(stream, line));
};

const alive = new Set<ChildProcess>();
let watching = false;

/** Children of groups of their own outlive a Ctrl-C, so that their work can be saved; but not this process. */
function endWithThisProcess(child: ChildProcess): void {
  alive.add(child);
  child.once("close", () => alive.delete(child));
  if (watching) return;
  watching = true;
  process.once("exit", () => {
    for (const orphan of alive) orphan.kill("SIGKILL");
  });
}

/** Starts a node process whose output is delivered line by line, while it runs. */
export function startNode(options: NodeProcessOptions): NodeProcess {
  const child = spawn(process.execPath, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  endWithThisProcess(child);
  forward(child, "stdout", options);
  forward(child, "stderr", options);
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const stop = async (signal: NodeJS.Signals = "SIGINT") => {
    child.kill(signal);
    const insist = setTimeout(() => child.kill("SIGKILL"), 1_000);
    await ended.finally(() => clearTimeout(insist));
  };
  return { pid: child.pid ?? -1, ended, stop };
}
