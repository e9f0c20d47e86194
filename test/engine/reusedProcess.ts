import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { isAbsolute, join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import {
  endWithThis,
  type NodeProcess,
  type NodeProcessOptions,
  type ProcessEnd,
  startNode,
  stopChild,
} from "./childProcess";
import { quickStart } from "./quickStart";

/** A process that has grown so large is not used again, MB. */
const LARGEST_MEGABYTES = 400;
/** So many processes of a script wait for their next run. */
const MOST_IDLE = 2;

const answerSchema = z.object({ code: z.number(), megabytes: z.number() });
/** Processes that wait, by what they run. */
const idle = new Map<string, ScriptHost[]>();

/**
 * Runs a script as {@link startNode} does, in a process that has run it before where one waits: most of a start
 * goes into loading and compiling the SDK. A run cannot tell: scriptHost.cjs gives it its own environment,
 * folder, globals and modules, and does not survive what a process of its own would not.
 */
export function runScript(options: NodeProcessOptions): NodeProcess {
  const {
    args: [script = ""],
    env,
    hasInput = false,
  } = options;
  // what a run preloads is to see all of a process's life
  const preloads = process.env["NODE_OPTIONS"] ?? quickStart["NODE_OPTIONS"];
  if (!isAbsolute(script) || hasInput || env["NODE_OPTIONS"] !== preloads) return startNode(options);
  // what node reads at its start is the same in all runs, and the compiler of TypeScript stays where it has been
  const atStart = Object.entries(env).filter(([name]) => name.startsWith("NODE_"));
  const kind = JSON.stringify([script, env["PULUMI_NODEJS_TYPESCRIPT"], atStart.sort()]);
  const host = idle.get(kind)?.pop() ?? new ScriptHost(kind, env);
  return host.run(options);
}

interface Run {
  /** The line after which a stream says nothing more of this run. */
  readonly mark: string;
  readonly onLine: NodeProcessOptions["onLine"];
  readonly end: (end: ProcessEnd) => void;
  readonly fail: (error: Error) => void;
  /** Of both streams and the answer. */
  missing: number;
}

class ScriptHost {
  readonly #child: ChildProcess;
  #run: Run | undefined;
  #code = 0;
  #isSpent = false;

  /** @param env of its first run */
  constructor(
    readonly kind: string,
    env: NodeJS.ProcessEnv,
  ) {
    const child = spawn(process.execPath, [join(__dirname, "scriptHost.cjs")], {
      env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: process.platform !== "win32",
    });
    this.#child = child;
    endWithThis(child);
    for (const [name, stream] of [
      ["stdout", child.stdout],
      ["stderr", child.stderr],
    ] as const)
      if (stream) createInterface({ input: stream }).on("line", (line) => this.#hear(name, line));
    child.on("message", (message) => this.#answer(message));
    child.once("error", (error) => this.#run?.fail(error));
    child.once("close", (code, signal) => {
      this.#isSpent = true;
      this.#leave();
      this.#run?.end({ code, signal });
    });
  }

  run({ args, cwd, env, onLine }: NodeProcessOptions): NodeProcess {
    const mark = `\0${randomUUID()}`;
    let isOver = false;
    const ended = new Promise<ProcessEnd>((resolve, reject) => {
      this.#run = { mark, onLine, end: resolve, fail: reject, missing: 3 };
    }).finally(() => {
      isOver = true;
    });
    this.#keepAlive(true);
    this.#child.send({ args, cwd, env, mark });
    const stop = async (signal?: NodeJS.Signals) => {
      // by then the process may be another run's
      if (!isOver) await stopChild(this.#child, ended, signal);
    };
    return { pid: this.#child.pid ?? -1, ended, stop };
  }

  #hear(stream: "stdout" | "stderr", line: string): void {
    const run = this.#run;
    if (!run) return;
    if (!line.endsWith(run.mark)) return run.onLine(stream, line);
    const last = line.slice(0, -run.mark.length);
    if (last !== "") run.onLine(stream, last);
    this.#oneLess();
  }

  #answer(message: unknown): void {
    const { code, megabytes } = answerSchema.parse(message);
    this.#code = code;
    this.#isSpent = megabytes > LARGEST_MEGABYTES;
    this.#oneLess();
  }

  #oneLess(): void {
    const run = this.#run;
    if (!run || --run.missing > 0) return;
    this.#run = undefined;
    this.#wait();
    run.end({ code: this.#code, signal: null });
  }

  /** For the next run; this process does not stay for it. */
  #wait(): void {
    const others = idle.get(this.kind) ?? [];
    if (this.#isSpent || others.length >= MOST_IDLE) return void this.#child.kill("SIGKILL");
    this.#keepAlive(false);
    idle.set(this.kind, [...others, this]);
  }

  #leave(): void {
    const others = idle.get(this.kind) ?? [];
    idle.set(
      this.kind,
      others.filter((other) => other !== this),
    );
  }

  /** Whether this process waits for the child: for the run it does. */
  #keepAlive(isRunning: boolean): void {
    const { stdout, stderr, channel } = this.#child;
    for (const held of [this.#child, stdout, stderr, channel])
      if (held && "ref" in held && "unref" in held && typeof held.unref === "function")
        isRunning ? held.ref() : held.unref();
  }
}
