import { join } from "node:path";
import { type Checkpoint, parseCheckpoint, readCheckpoint, writeCheckpoint } from "./checkpoint";
import type {
  ConfigValue,
  DeploymentCommand,
  DeploymentEngine,
  DeploymentResult,
  DeploymentSettings,
  RunOptions,
} from "./deployment";
import { DeploymentRun } from "./deploymentRun";
import { loadProject, type Project } from "./project";
import { createCipher } from "./secretsCipher";

/** One stack on the embedded engine; see index.ts for what that is, and what it is not. */
export class EmbeddedEngine implements DeploymentEngine {
  readonly name = "embedded engine";
  readonly #project: Project;
  readonly #config = new Map<string, ConfigValue>();
  #running: DeploymentRun | undefined;

  constructor(readonly settings: DeploymentSettings) {
    this.#project = loadProject(settings.projectDir);
    for (const [key, value] of Object.entries(settings.config ?? {})) this.#setConfig(key, value);
  }

  get stateFile(): string {
    return join(this.settings.stateDir, `${this.settings.stack}.json`);
  }

  readonly preview = (options?: RunOptions) => this.#run("preview", options);
  readonly up = (options?: RunOptions) => this.#run("up", options);
  readonly refresh = (options?: RunOptions) => this.#run("refresh", options);
  readonly destroy = (options?: RunOptions) => this.#run("destroy", options);

  async setConfig(key: string, value: ConfigValue): Promise<void> {
    this.#setConfig(key, value);
  }

  #setConfig(key: string, value: ConfigValue): void {
    this.#config.set(key.includes(":") ? key : `${this.#project.name}:${key}`, value);
  }

  async exportState(): Promise<Checkpoint> {
    return readCheckpoint(this.stateFile) ?? { version: 3, deployment: {} };
  }

  async importState(state: unknown): Promise<void> {
    writeCheckpoint(this.stateFile, parseCheckpoint(state));
  }

  async cancel(): Promise<void> {
    await this.#running?.cancel();
  }

  async #run(command: DeploymentCommand, options: RunOptions = {}): Promise<DeploymentResult> {
    if (this.#running) throw new Error(`stack ${this.settings.stack} is busy with another command`);
    const checkpoint = readCheckpoint(this.stateFile);
    const passphrase =
      this.settings.passphrase ??
      this.settings.env?.["PULUMI_CONFIG_PASSPHRASE"] ??
      process.env["PULUMI_CONFIG_PASSPHRASE"];
    const cipher = await createCipher(passphrase ?? "test", checkpoint?.deployment.secrets_providers);
    const run = new DeploymentRun(command, options, {
      project: this.#project,
      stack: this.settings.stack,
      config: this.#config,
      env: { ...process.env, ...this.settings.env },
      checkpoint,
      cipher,
      stateFile: this.stateFile,
    });
    this.#running = run;
    try {
      return await run.execute();
    } finally {
      this.#running = undefined;
    }
  }
}
