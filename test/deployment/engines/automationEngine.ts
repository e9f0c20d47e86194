import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Stack, UpdateSummary } from "@pulumi/pulumi/automation";
import { type Checkpoint, parseCheckpoint } from "../../engine/checkpoint";
import { copyProject } from "./copyProject";
import type {
  ConfigValue,
  DeploymentCommand,
  DeploymentEngine,
  DeploymentResult,
  DeploymentSettings,
  Diagnostic,
  RunOptions,
  Severity,
  StepKind,
} from "./deployment";

/** The parts of the Automation API's results that all commands share. */
interface CommandResult {
  readonly stdout: string;
  readonly summary?: UpdateSummary;
  readonly changeSummary?: Readonly<Record<string, number>>;
  readonly outputs?: Readonly<Record<string, { readonly value: unknown; readonly secret: boolean }>>;
}
interface CommandOptions {
  readonly parallel?: number;
  readonly refresh?: boolean;
  readonly onOutput: (text: string) => void;
  readonly onEvent: (event: {
    readonly diagnosticEvent?: { readonly severity: string; readonly message: string; readonly urn?: string };
  }) => void;
}

const execute = promisify(execFile);

const severities: Readonly<Record<string, Severity>> = {
  debug: "debug",
  "info#err": "error",
  warning: "warning",
  error: "error",
};
const kinds: readonly StepKind[] = ["same", "create", "update", "replace", "delete"];

/**
 * The same stack on a `pulumi` CLI from PATH, driven by the Automation API, with the state in a local folder,
 * and a copy of the project beside it: the CLI writes the stack's config next to the program, where the next
 * test would find it. What only the embedded engine can tell (steps, calls, child processes) is left out of
 * its results.
 */
export class AutomationEngine implements DeploymentEngine {
  readonly name = "pulumi CLI";
  #stack: Promise<Stack> | undefined;

  constructor(readonly settings: DeploymentSettings) {}

  get #workDir(): string {
    return join(this.settings.stateDir, "project");
  }

  #open(): Promise<Stack> {
    this.#stack ??= this.#create();
    return this.#stack;
  }

  async #create(): Promise<Stack> {
    const {
      stack: stackName,
      projectDir,
      stateDir,
      env = {},
      config = {},
      passphrase = "test",
    } = this.settings;
    mkdirSync(stateDir, { recursive: true });
    copyProject(projectDir, this.#workDir);
    // the Automation API adds to the environment: a variable that is to be missing is there, and empty
    const given = Object.entries(env).map(([key, value]) => [key, value ?? ""]);
    // The Automation API is most of the SDK: who has no CLI does not wait for it.
    const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName, workDir: this.#workDir },
      {
        secretsProvider: "passphrase",
        envVars: {
          PULUMI_HOME: join(stateDir, "home"),
          ...Object.fromEntries(given),
          PULUMI_BACKEND_URL: `file://${stateDir}`,
          PULUMI_CONFIG_PASSPHRASE: passphrase,
          PULUMI_SKIP_UPDATE_CHECK: "true",
        },
      },
    );
    await stack.setAllConfig({ ...config });
    return stack;
  }

  readonly preview = (options?: RunOptions) => this.#run("preview", options);
  readonly up = (options?: RunOptions) => this.#run("up", options);
  readonly refresh = (options?: RunOptions) => this.#run("refresh", options);
  readonly destroy = (options?: RunOptions) => this.#run("destroy", options);

  async setConfig(key: string, value: ConfigValue): Promise<void> {
    await (await this.#open()).setConfig(key, value);
  }

  async exportState(): Promise<Checkpoint> {
    const { name, workspace } = await this.#open();
    // not by the Automation API's own call, which lays the secrets open
    const { stdout } = await execute("pulumi", ["stack", "export", "--stack", name], {
      cwd: workspace.workDir,
      env: { ...process.env, ...workspace.envVars },
      maxBuffer: Number.POSITIVE_INFINITY,
    });
    return parseCheckpoint(JSON.parse(stdout));
  }

  async importState(state: unknown): Promise<void> {
    const { version, deployment } = parseCheckpoint(state);
    await (await this.#open()).importStack({ version, deployment });
  }

  async cancel(): Promise<void> {
    await (await this.#open()).cancel();
  }

  async #run(command: DeploymentCommand, options: RunOptions = {}): Promise<DeploymentResult> {
    const stack = await this.#open();
    // a program that was edited since
    copyProject(this.settings.projectDir, this.#workDir);
    const started = performance.now();
    const diagnostics: Diagnostic[] = [];
    let text = "";
    const given: CommandOptions = {
      ...(options.parallel !== undefined && { parallel: options.parallel }),
      ...(options.refresh && command !== "refresh" && { refresh: true }),
      onOutput(chunk) {
        text += chunk;
        for (const line of chunk.split("\n"))
          if (line) options.onOutput?.({ source: "provider", stream: "stdout", line });
      },
      onEvent({ diagnosticEvent: event }) {
        if (!event) return;
        const urn = event.urn ? { urn: event.urn } : {};
        const diagnostic = { severity: severities[event.severity] ?? "info", message: event.message, ...urn };
        diagnostics.push(diagnostic);
        options.onDiagnostic?.(diagnostic);
      },
    };
    // the Automation API throws where the CLI ends with an exit code: the text and the events are what is
    // left
    const running: Promise<CommandResult> = stack[command](given);
    const result = await running.catch((error: unknown): undefined => {
      if (diagnostics.length === 0) diagnostics.push({ severity: "error", message: String(error) });
    });
    const counted = result?.changeSummary ?? result?.summary?.resourceChanges ?? {};
    const outputs = Object.entries(result?.outputs ?? {});
    return {
      command,
      exitCode: result ? 0 : 1,
      stdout: result?.stdout ?? text,
      changes: Object.fromEntries(kinds.flatMap((kind) => (counted[kind] ? [[kind, counted[kind]]] : []))),
      outputs: Object.fromEntries(outputs.map(([name, { value }]) => [name, value])),
      secretOutputs: outputs.flatMap(([name, { secret }]) => (secret ? [name] : [])),
      diagnostics,
      durationMs: performance.now() - started,
    };
  }
}
