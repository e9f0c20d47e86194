import type { Checkpoint } from "./checkpoint";
import { type NodeProcess, startNode } from "./childProcess";
import { DefaultProvider } from "./defaultProvider";
import { deferred } from "./deferred";
import { deleteUndeclared } from "./deleteSteps";
import type { ConfigValue, DeploymentCommand, DeploymentResult, RunOptions } from "./deployment";
import { startMonitor } from "./monitorServer";
import type { Project } from "./project";
import { isSecret, type PropertyMap, secret, withoutSecrets } from "./properties";
import { startProvider } from "./providerProcess";
import { refreshResources } from "./refreshSteps";
import { renderResult } from "./render";
import { STACK_TYPE } from "./resourceGoal";
import { ResourceSteps } from "./resourceSteps";
import { RunControl } from "./runControl";
import { Stopped } from "./runErrors";
import type { SecretsCipher } from "./secretsCipher";
import { StackSnapshot } from "./stackSnapshot";

export interface DeploymentContext {
  readonly project: Project;
  readonly stack: string;
  readonly config: ReadonlyMap<string, ConfigValue>;
  readonly env: NodeJS.ProcessEnv;
  readonly checkpoint: Checkpoint | undefined;
  readonly cipher: SecretsCipher;
  readonly stateFile: string;
}

/** The exit code of a program that has already told the user what is wrong. */
const EXIT_AFTER_MESSAGE = 32;

/** One command on one stack, from the saved state to the saved state. */
export class DeploymentRun {
  readonly #control: RunControl;
  readonly #snapshot: StackSnapshot;
  readonly #provider: DefaultProvider;
  readonly #steps: ResourceSteps;
  #engineAddress = "";
  /** The program has declared everything, and may end. */
  readonly #declared = deferred<void>();
  readonly #released = deferred<void>();

  constructor(
    readonly command: DeploymentCommand,
    readonly options: RunOptions,
    readonly context: DeploymentContext,
  ) {
    const { stack, project, checkpoint, cipher, stateFile } = context;
    this.#control = new RunControl(command, options);
    this.#snapshot = new StackSnapshot(checkpoint, cipher, command === "preview" ? undefined : stateFile);
    const start = () => this.#startProvider();
    this.#provider = new DefaultProvider(
      stack,
      project.name,
      this.#config(),
      start,
      this.#snapshot,
      this.#control,
    );
    this.#steps = new ResourceSteps(stack, project.name, this.#snapshot, this.#provider, this.#control);
  }

  async execute(): Promise<DeploymentResult> {
    const started = performance.now();
    this.#warnOfInterrupted();
    const monitor = await startMonitor({
      register: (goal) => this.#steps.register(goal),
      registerOutputs: (urn, outputs) => this.#registerOutputs(urn, outputs),
      shutdown: () => {
        this.#declared.resolve();
        return this.#released.promise;
      },
      log: (severity, message, urn) => this.#control.report({ severity, message, ...(urn && { urn }) }),
      refuse: (error) => this.#control.fail(error),
    });
    this.#engineAddress = monitor.address;
    try {
      await this.#phases();
    } catch (error) {
      this.#control.fail(error);
    } finally {
      this.#control.stop();
      await this.#steps.idle();
      await this.#control.settled();
      await this.#provider.close();
      monitor.close();
      await this.#snapshot.save();
    }
    return this.#result(performance.now() - started);
  }

  async cancel(): Promise<void> {
    const preview = this.#control.preview;
    this.#control.report({ severity: "error", message: preview ? "preview canceled" : "update canceled" });
    this.#control.stop();
    await this.#provider.cancel();
  }

  async #phases(): Promise<void> {
    if (this.command === "refresh" || this.options.refresh) await refreshResources(this.#steps);
    if (this.command === "refresh") return;
    if (this.command === "destroy") return deleteUndeclared(this.#steps, this.#steps.declared);
    // the program registers its provider anew, with today's config
    await this.#provider.close();
    await this.#runProgram();
  }

  async #runProgram(): Promise<void> {
    const program = this.#startProgram();
    try {
      const ended = program.ended.then(({ code }) => code ?? 1);
      const outcome = await Promise.race([ended, this.#declared.promise, this.#control.stopped]);
      this.#control.checkStopped();
      if (outcome === EXIT_AFTER_MESSAGE && this.#control.failed) throw new Stopped();
      if (outcome) throw new Error(`the program ended with exit code ${outcome}`);
      await deleteUndeclared(this.#steps, this.#steps.declared);
      this.#released.resolve();
      const code = await ended;
      if (code) throw new Error(`the program ended with exit code ${code}`);
    } finally {
      this.#control.stop();
      await program.stop("SIGKILL");
    }
  }

  #startProgram(): NodeProcess {
    const { project, stack, config, env } = this.context;
    return startNode({
      args: [
        ...project.nodeArguments,
        project.runScript,
        `--monitor=${this.#engineAddress}`,
        `--engine=${this.#engineAddress}`,
        "--organization=organization",
        `--project=${project.name}`,
        `--root-directory=${project.root}`,
        `--stack=${stack}`,
        `--pwd=${project.programDirectory}`,
        ...(this.#control.preview ? ["--dry-run"] : []),
        `--parallel=${this.options.parallel ?? 16}`,
        project.entryPoint,
      ],
      cwd: project.programDirectory,
      env: {
        ...env,
        ...project.environment,
        PULUMI_CONFIG: JSON.stringify(this.#plainConfig()),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(
          [...config].flatMap(([key, value]) => (value.secret ? [key] : [])),
        ),
      },
      onLine: (stream, line) => this.#control.output({ source: "program", stream, line }),
    });
  }

  #startProvider() {
    const { project, stack, env } = this.context;
    return startProvider({
      project,
      stack,
      env,
      engineAddress: this.#engineAddress,
      config: this.#plainConfig(),
      onLine: (stream, line) => this.#control.output({ source: "provider", stream, line }),
      onCall: (call) => this.#control.calls.push(call),
      onStart: (pid) => this.options.onProviderStart?.(pid),
    });
  }

  #plainConfig(): Record<string, string> {
    return Object.fromEntries([...this.context.config].map(([key, { value }]) => [key, value]));
  }

  #config(): PropertyMap {
    const entries = [...this.context.config].map(([key, { value, secret: hidden }]) => [
      key,
      hidden ? secret(value) : value,
    ]);
    return Object.fromEntries(entries) as PropertyMap;
  }

  async #registerOutputs(urn: string, outputs: PropertyMap): Promise<void> {
    const resource = this.#snapshot.resources.find((candidate) => candidate.urn === urn);
    if (resource) {
      resource.outputs = outputs;
      this.#snapshot.changed(resource);
    }
    await this.#snapshot.save();
  }

  #warnOfInterrupted(): void {
    const { interrupted } = this.#snapshot;
    if (interrupted.length === 0) return;
    const list = interrupted
      .map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}\n`)
      .join("");
    const message = `Attempting to deploy or update resources with ${interrupted.length} pending operations from previous deployment.\n${list}Nobody knows whether they were completed: this run goes on from the last known state and drops them.`;
    this.#control.report({ severity: "warning", message });
  }

  #result(durationMs: number): DeploymentResult {
    const { calls, changes, diagnostics, failed, registered, steps } = this.#control;
    const root = this.#snapshot.resources.find(({ type }) => type === STACK_TYPE);
    const outputs = root?.outputs ?? {};
    const result = {
      command: this.command,
      exitCode: failed ? 1 : 0,
      changes,
      outputs: withoutSecrets(outputs),
      secretOutputs: Object.keys(outputs).filter((key) => isSecret(outputs[key])),
      diagnostics,
      durationMs,
      steps,
      calls,
      registered,
    };
    return { ...result, stdout: renderResult(result, this.context.stack) };
  }
}
