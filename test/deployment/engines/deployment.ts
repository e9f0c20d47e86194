import type { Checkpoint } from "../../engine/checkpoint";
import type { PropertyMap } from "../../engine/properties";
import type { ProviderCall } from "../../engine/provider";

/** What a step did to a resource (in a preview: would do). */
export type StepKind = "same" | "create" | "update" | "replace" | "delete";
export type Severity = "debug" | "info" | "warning" | "error";

export interface Diagnostic {
  readonly severity: Severity;
  readonly message: string;
  /** The resource that it is about; without it, the stack. */
  readonly urn?: string;
}

/** A line that the program or the provider printed. */
export interface OutputLine {
  readonly source: "program" | "provider";
  readonly stream: "stdout" | "stderr";
  readonly line: string;
}

/** What the program is told of a resource that it declared. */
export interface Registered {
  readonly urn: string;
  readonly id?: string | undefined;
  readonly outputs: PropertyMap;
}

export interface StepReport {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly kind: StepKind;
  /**
   * Inputs, those of an update as they were before; of a refresh, what the state had and what it takes over.
   */
  readonly before: PropertyMap;
  readonly after: PropertyMap;
  readonly failed: boolean;
}

export type DeploymentCommand = "preview" | "up" | "refresh" | "destroy";

export interface RunOptions {
  /** How many resource operations run at the same time. Default 16. */
  readonly parallel?: number;
  /** Read every resource before the program runs (`pulumi up --refresh`). */
  readonly refresh?: boolean;
  readonly onOutput?: (line: OutputLine) => void;
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void;
  /** The embedded engine only, for tests that kill the provider. */
  readonly onProviderStart?: (pid: number) => void;
}

export interface DeploymentResult {
  readonly command: DeploymentCommand;
  readonly exitCode: number;
  /** What a person sees, in plain text. */
  readonly stdout: string;
  /** How many resources each kind of step was taken for; failed ones are not counted. */
  readonly changes: Readonly<Partial<Record<StepKind, number>>>;
  /** The stack's outputs, secrets in plain; {@link secretOutputs} names those. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly secretOutputs: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly durationMs: number;
  /** The embedded engine only. */
  readonly steps?: readonly StepReport[];
  readonly calls?: readonly ProviderCall[];
  /** What the program was told of its resources. */
  readonly registered?: readonly Registered[];
}

export interface ConfigValue {
  readonly value: string;
  readonly secret?: boolean;
}

export interface DeploymentSettings {
  /** The folder of `Pulumi.yaml`. */
  readonly projectDir: string;
  readonly stack: string;
  /** Keys as `pulumi config set` takes them: `datadog:site`, or `key` for the project's own. */
  readonly config?: Readonly<Record<string, ConfigValue>>;
  /** Where the state is kept; made if it is missing. */
  readonly stateDir: string;
  /** Added to this process's environment for program and provider; `undefined` removes a variable. */
  readonly env?: NodeJS.ProcessEnv;
  /**
   * Each run starts processes of its own. Default: program and provider run where others have run, and cannot
   * tell. The embedded engine only.
   */
  readonly freshProcesses?: boolean;
  /** Encrypts the secrets of the state. Default: "test". */
  readonly passphrase?: string;
}

/** One stack of one project on one engine. Commands run one at a time. */
export interface DeploymentEngine {
  readonly name: string;
  preview(options?: RunOptions): Promise<DeploymentResult>;
  up(options?: RunOptions): Promise<DeploymentResult>;
  refresh(options?: RunOptions): Promise<DeploymentResult>;
  destroy(options?: RunOptions): Promise<DeploymentResult>;
  setConfig(key: string, value: ConfigValue): Promise<void>;
  /** The state, as `pulumi stack export` prints it. */
  exportState(): Promise<Checkpoint>;
  /** Replaces the state (`pulumi stack import`); secrets may come as `plaintext`. */
  importState(state: unknown): Promise<void>;
  /** Starts nothing new, waits for what is in flight, and saves it: the running command fails. */
  cancel(): Promise<void>;
}
