import type { Clock } from "../core/clock";

export interface ProgressOptions {
  readonly clock: Clock;
  /** Prints one line; the engine shows it live. */
  readonly print: (line: string) => void;
  /** How long work goes on in silence, ms; default 2,000. */
  readonly silentMs?: number;
  /** The shortest time between two lines, ms; default 10,000. */
  readonly intervalMs?: number;
}

export interface Task {
  advance(by?: number): void;
  finish(): void;
}

interface RunningTask {
  readonly label: string;
  readonly verb: string;
  readonly total: number;
  done: number;
}

/** Tells a person how far long work is: nothing for quick work, then a line now and again for all tasks together. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #tasks = new Set<RunningTask>();
  #waitingUntil = 0;
  #reporting: AbortController | undefined;

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /** @param verb what is done to findings: "assigned", "unassigned", "looked up" */
  start(label: string, verb: string, total: number): Task {
    const task: RunningTask = { label, verb, total, done: 0 };
    this.#tasks.add(task);
    if (!this.#reporting) void this.#report().catch(() => {});
    return {
      advance: (by = 1) => {
        task.done += by;
      },
      finish: () => {
        this.#tasks.delete(task);
        if (this.#tasks.size === 0) this.#stopReporting();
      },
    };
  }

  /** The rate limit holds requests back for `ms`. */
  waiting(ms: number): void {
    this.#waitingUntil = Math.max(this.#waitingUntil, this.#options.clock.now() + ms);
  }

  async #report(): Promise<void> {
    const { clock, print, silentMs = 2_000, intervalMs = 10_000 } = this.#options;
    const { signal } = this.#startReporting();
    await clock.sleep(silentMs, signal);
    while (!signal.aborted) {
      print(describe([...this.#tasks], this.#waitingUntil - clock.now()));
      await clock.sleep(intervalMs, signal);
    }
  }

  #startReporting(): AbortController {
    this.#reporting = new AbortController();
    return this.#reporting;
  }

  #stopReporting(): void {
    this.#reporting?.abort();
    this.#reporting = undefined;
  }
}

function describe(tasks: readonly RunningTask[], waitMs: number): string {
  const verb = tasks.every((task) => task.verb === tasks[0]?.verb) ? tasks[0]?.verb : "done";
  const done = tasks.reduce((sum, task) => sum + task.done, 0);
  const total = tasks.reduce((sum, task) => sum + task.total, 0);
  const label = tasks.length === 1 ? tasks[0]?.label : `${tasks.length} resources`;
  const waiting = waitMs > 500 ? `, waiting ${Math.ceil(waitMs / 1000)} s for the rate limit` : "";
  return `${label}: ${count(done)} of ${count(total)} findings ${verb}${waiting}`;
}

/** 4200 as "4,200", whatever the locale. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}
