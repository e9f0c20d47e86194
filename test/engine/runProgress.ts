import type {
  DeploymentCommand,
  Diagnostic,
  OutputLine,
  Registered,
  RunOptions,
  StepKind,
  StepReport,
} from "../deployment/engines/deployment";
import { nameOf, type ResourceState } from "./checkpoint";
import type { ProviderCall } from "./provider";

/** The deployment is over for whoever asks: something failed, or it was cancelled. */
export class Stopped extends Error {}

/** Runs at most `limit` pieces of work at the same time, in the order in which they come. */
export function limitTo(limit: number) {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free--;
    else await new Promise<void>((wake) => waiting.push(wake));
    try {
      return await work();
    } finally {
      const wake = waiting.shift() ?? (() => free++);
      wake();
    }
  };
}

/** What a run reports while it goes on, its limit of parallel steps, and how it stops. */
export class RunProgress {
  readonly diagnostics: Diagnostic[] = [];
  readonly calls: ProviderCall[] = [];
  readonly steps: StepReport[] = [];
  readonly registered: Registered[] = [];
  readonly #stop = new AbortController();
  readonly #inSlot: ReturnType<typeof limitTo>;

  constructor(
    readonly command: DeploymentCommand,
    readonly options: RunOptions,
  ) {
    this.#inSlot = limitTo(options.parallel ?? 16);
  }

  get isPreview(): boolean {
    return this.command === "preview";
  }
  get failed(): boolean {
    return this.diagnostics.some(({ severity }) => severity === "error");
  }

  report(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
    this.options.onDiagnostic?.(diagnostic);
  }

  output(line: OutputLine): void {
    this.options.onOutput?.(line);
    this.diagnostics.push({ severity: "info", message: line.line });
  }

  /** From here on nothing new starts; what is in flight comes to its end. */
  stop(): void {
    this.#stop.abort();
  }

  checkStopped(): void {
    if (this.#stop.signal.aborted) throw new Stopped();
  }

  /** Rejects when the run stops. */
  stopped(): Promise<never> {
    return new Promise((_resolve, reject) => {
      this.#stop.signal.addEventListener("abort", () => reject(new Stopped()));
    });
  }

  /** Reports why the run fails, and stops it. */
  fail(error: unknown, urn?: string): void {
    if (error instanceof Stopped) return;
    const message = error instanceof Error ? error.message : String(error);
    this.report({ severity: "error", message, ...(urn !== undefined && { urn }) });
    this.stop();
  }

  /** The line that the real engine ends with when a step, not the planning of one, has failed. */
  failStep(): void {
    const message = this.isPreview ? "preview failed" : "update failed";
    if (!this.diagnostics.some((said) => said.message === message))
      this.report({ severity: "error", message });
  }

  /** Takes a step as soon as one of the parallel slots is free, unless the run has been stopped by then. */
  step<T>({ urn }: ResourceState, work: () => Promise<T>): Promise<T> {
    return this.#inSlot(async () => {
      this.checkStopped();
      return await work().catch((error: unknown) => {
        this.fail(error, urn);
        this.failStep();
        throw new Stopped();
      });
    });
  }

  /** @param before inputs of an update */
  stepped(kind: StepKind, { urn, type, inputs = {} }: ResourceState, failed: boolean, before = inputs): void {
    this.steps.push({ urn, type, name: nameOf(urn), kind, before, after: inputs, failed });
  }
}
