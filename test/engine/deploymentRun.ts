import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type {
  DeploymentCommand,
  DeploymentResult,
  RunOptions,
  Severity,
} from "../deployment/engines/deployment";
import type { startNode } from "./childProcess";
import { deleteUndeclared } from "./deleteSteps";
import { findPlugin } from "./findPlugin";
import { startMonitor } from "./monitorServer";
import type { Project } from "./project";
import { fromStruct, isSecret, type PropertyMap, withoutSecrets } from "./properties";
import { Provider } from "./provider";
import { refreshResources } from "./refreshSteps";
import { PLUGIN_PACKAGE, packageOf, readGoal, STACK_TYPE } from "./resourceGoal";
import { ResourceSteps } from "./resourceSteps";
import { RunProgress, Stopped } from "./runProgress";
import { type ProviderSource, StackProviders } from "./stackProviders";
import type { StackSnapshot } from "./stackSnapshot";

export interface DeploymentContext {
  readonly project: Project;
  readonly stack: string;
  readonly config: PropertyMap;
  readonly env: NodeJS.ProcessEnv;
  readonly startProcess: typeof startNode;
  readonly snapshot: StackSnapshot;
}

const severities: readonly Severity[] = ["debug", "info", "warning", "error"];
const secretKeys = (map: PropertyMap) => Object.keys(map).filter((key) => isSecret(map[key]));
/** The exit code of a program that has already told the user what is wrong. */
const EXIT_AFTER_MESSAGE = 32;

/** One command on one stack, from the saved state to the saved state. */
export class DeploymentRun {
  readonly progress: RunProgress;
  readonly snapshot: StackSnapshot;
  readonly providers: StackProviders;
  readonly #steps = new ResourceSteps(this);
  #address = "";
  #finished: Promise<void> | undefined;

  constructor(
    command: DeploymentCommand,
    readonly options: RunOptions,
    readonly context: DeploymentContext,
  ) {
    const { stack, project, snapshot } = context;
    this.progress = new RunProgress(command, options);
    this.snapshot = snapshot;
    const scope = `urn:pulumi:${stack}::${project.name}`;
    this.providers = new StackProviders(scope, snapshot, (packageName) => this.#sourceOf(packageName));
  }

  async execute(): Promise<Omit<DeploymentResult, "stdout">> {
    const started = performance.now();
    this.#warnOfInterrupted();
    const monitor = await startMonitor(this);
    this.#address = monitor.address;
    await this.#phases().catch((error: unknown) => this.progress.fail(error));
    this.progress.stop();
    await monitor.idle();
    await this.providers.close();
    monitor.close();
    this.snapshot.save();
    return this.#result(performance.now() - started);
  }

  async cancel(): Promise<void> {
    const message = this.progress.isPreview ? "preview canceled" : "update canceled";
    this.progress.report({ severity: "error", message });
    this.progress.stop();
    await this.providers.cancel();
  }

  async #phases(): Promise<void> {
    const { command } = this.progress;
    if (command === "refresh" || this.options.refresh) await refreshResources(this);
    if (command === "refresh") return;
    if (command === "destroy") return this.finish();
    // the program registers its provider anew, with today's config; it loads while the program does
    await this.providers.close();
    this.progress.checkStopped();
    if (!this.#hasPlugin()) this.providers.for({ type: "pulumi-nodejs:" }).start();
    await this.#runProgram();
  }

  async #runProgram(): Promise<void> {
    const program = this.#startProgram();
    try {
      const { code } = await Promise.race([program.ended, this.progress.stopped()]);
      if (code === EXIT_AFTER_MESSAGE && this.progress.failed) throw new Stopped();
      if (code !== 0) throw new Error(`the program ended with exit code ${code ?? 1}`);
      await this.finish();
    } finally {
      // a reused process outlives this signal, and whatever does not heed it is killed a second later
      await program.stop("SIGTERM");
    }
  }

  async register(request: RegisterResourceRequest): Promise<PropertyMap> {
    const { stack, project } = this.context;
    const { urn, id = "", outputs } = await this.#steps.register(readGoal(request, stack, project.name));
    return { urn, id, object: outputs };
  }

  registerOutputs(request: RegisterResourceOutputsRequest): void {
    const outputs = fromStruct(request.getOutputs());
    this.snapshot.change((resource) =>
      resource.urn === request.getUrn() ? { ...resource, outputs } : resource,
    );
    this.snapshot.save();
  }

  /**
   * Everything has been declared: what else there is goes. A program that does not say so itself has ended.
   */
  finish(): Promise<void> {
    this.#finished ??= deleteUndeclared(this, this.#steps.declared);
    return this.#finished;
  }

  log(request: LogRequest): void {
    const severity = severities[request.getSeverity()] ?? "info";
    // the SDK debugs at length; as with the CLI, nobody sees that who did not ask for it
    if (request.getEphemeral() || severity === "debug") return;
    const urn = request.getUrn();
    this.progress.report({ severity, message: request.getMessage(), ...(urn && { urn }) });
  }

  #startProgram() {
    const { project, stack } = this.context;
    return this.context.startProcess({
      args: [
        ...project.nodeArguments,
        project.runScript,
        `--monitor=${this.#address}`,
        `--engine=${this.#address}`,
        "--organization=organization",
        `--project=${project.name}`,
        `--root-directory=${project.root}`,
        `--stack=${stack}`,
        `--pwd=${project.programDirectory}`,
        ...(this.progress.isPreview ? ["--dry-run"] : []),
        `--parallel=${this.options.parallel ?? 16}`,
        project.entryPoint,
      ],
      cwd: project.programDirectory,
      env: { ...this.#environment(), ...project.environment },
      onLine: (stream, line) => this.progress.output({ source: "program", stream, line }),
    });
  }

  /** Whose state has the plugin's resources is not served by the dynamic provider, as a rule. */
  #hasPlugin(): boolean {
    return this.snapshot.olds.some(({ type }) => packageOf(type) === PLUGIN_PACKAGE);
  }

  #sourceOf(packageName: string): ProviderSource {
    const { config, project, env } = this.context;
    if (packageName !== PLUGIN_PACKAGE) {
      return { packageName, config, spawn: () => this.#startProvider(packageName, this.#environment()) };
    }
    const own = Object.entries(config).flatMap(([key, value]) =>
      key.startsWith(`${packageName}:`) ? [[key.slice(packageName.length + 1), value] as const] : [],
    );
    const inputs = Object.fromEntries(own);
    const PULUMI_CONFIG = JSON.stringify(withoutSecrets(inputs));
    const script = findPlugin(project, packageName, env);
    return {
      packageName,
      config: inputs,
      spawn: () =>
        this.#startProvider(packageName, { ...env, PULUMI_PROJECT: project.name, PULUMI_CONFIG }, script),
    };
  }

  #startProvider(packageName: string, env: NodeJS.ProcessEnv, plugin?: string): Provider {
    const provider = new Provider({
      packageName,
      ...(plugin !== undefined && { plugin }),
      project: this.context.project,
      startProcess: this.context.startProcess,
      engineAddress: this.#address,
      env,
      onLine: (stream, line) => this.progress.output({ source: "provider", stream, line }),
      onCall: (call) => this.progress.calls.push(call),
    });
    this.options.onProviderStart?.(provider.pid);
    return provider;
  }

  #environment(): NodeJS.ProcessEnv {
    const { project, stack, config, env } = this.context;
    return {
      ...env,
      PULUMI_PROJECT: project.name,
      PULUMI_NODEJS_PROJECT: project.name,
      PULUMI_STACK: stack,
      PULUMI_NODEJS_STACK: stack,
      PULUMI_CONFIG: JSON.stringify(withoutSecrets(config)),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys(config)),
    };
  }

  #warnOfInterrupted(): void {
    const { interrupted } = this.snapshot;
    if (interrupted.length === 0) return;
    const list = interrupted.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}\n`);
    const message = `Attempting to deploy or update resources with ${interrupted.length} pending operations from previous deployment.\n${list.join("")}Nobody knows whether they were completed: this run goes on from the last known state and drops them.`;
    this.progress.report({ severity: "warning", message });
  }

  #result(durationMs: number): Omit<DeploymentResult, "stdout"> {
    const { command, calls, diagnostics, failed, registered, steps } = this.progress;
    const resources = [...this.snapshot.news, ...this.snapshot.olds];
    const { outputs = {} } = resources.find(({ type }) => type === STACK_TYPE) ?? {};
    const changes: Record<string, number> = {};
    for (const step of steps) if (!step.failed) changes[step.kind] = (changes[step.kind] ?? 0) + 1;
    return {
      command,
      exitCode: failed ? 1 : 0,
      changes,
      outputs: withoutSecrets(outputs),
      secretOutputs: secretKeys(outputs),
      diagnostics,
      durationMs,
      steps,
      calls,
      registered,
    };
  }
}
