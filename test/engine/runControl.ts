import { deferred } from "./deferred";
import type {
  DeploymentCommand,
  Diagnostic,
  OutputLine,
  Registered,
  RunOptions,
  StepKind,
  StepReport,
} from "./deployment";
import { ProviderError } from "./providerError";
import type { ProviderCall } from "./providerProtocol";
import { ProtectedError, Stopped } from "./runErrors";

/** What a run reports while it goes on, its limit of parallel steps, and how it stops. */
export class RunControl {
  readonly diagnostics: Diagnostic[] = [];
  readonly calls: ProviderCall[] = [];
  readonly steps: StepReport[] = [];
  readonly registered: Registered[] = [];
  readonly changes: Partial<Record<StepKind, number>> = {};
  readonly #stop = deferred<void>();
  /** Resolves when the run stops. */
  readonly stopped = this.#stop.promise;
  #isStopped = false;
  #failed = false;
  #free: number;
  readonly #waiting: (() => void)[] = [];
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(
    readonly command: DeploymentCommand,
    readonly options: RunOptions,
  ) {
    this.#free = options.parallel ?? 16;
  }

  get preview(): boolean {
    return this.command === "preview";
  }
  get failed(): boolean {
    return this.#failed;
  }

  report(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
    if (diagnostic.severity === "error") this.#failed = true;
    this.options.onDiagnostic?.(diagnostic);
  }

  output(line: OutputLine): void {
    this.options.onOutput?.(line);
    this.diagnostics.push({ severity: "info", message: line.line });
  }

  step(step: StepReport): void {
    this.steps.push(step);
    if (!step.failed) this.changes[step.kind] = (this.changes[step.kind] ?? 0) + 1;
  }

  /** From here on nothing new starts; what is in flight comes to its end. */
  stop(): void {
    this.#isStopped = true;
    this.#stop.resolve();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  checkStopped(): void {
    if (this.#isStopped) throw new Stopped();
  }

  /** Reports why the run fails, and stops it. */
  fail(error: unknown, urn?: string): void {
    if (error instanceof Stopped) return;
    const message = error instanceof Error ? error.message : String(error);
    this.report({ severity: "error", message, ...(urn !== undefined && { urn }) });
    // an error of the engine itself, which should not happen, shows where it came from
    if (error instanceof TypeError) this.report({ severity: "error", message: error.stack ?? "" });
    if (error instanceof ProtectedError) return;
    if (error instanceof ProviderError && error.method !== "Check" && error.method !== "Diff")
      this.failStep();
    this.stop();
  }

  /** The line that the real engine ends with when a step, not the planning of one, has failed. */
  failStep(): void {
    const message = this.preview ? "preview failed" : "update failed";
    if (!this.diagnostics.some((said) => said.message === message))
      this.report({ severity: "error", message });
  }

  /** Runs a step as soon as one of the parallel slots is free, unless the run has been stopped by then. */
  async inSlot<T>(work: () => Promise<T>): Promise<T> {
    while (this.#free === 0 && !this.#isStopped) {
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
    this.checkStopped();
    this.#free--;
    const running = work();
    this.#inFlight.add(running);
    try {
      return await running;
    } finally {
      this.#inFlight.delete(running);
      this.#free++;
      this.#waiting.shift()?.();
    }
  }

  /** Resolves when no step is running. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled([...this.#inFlight]);
  }
}
