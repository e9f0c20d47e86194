import { join } from "node:path";
import type {
  ConfigValue,
  DeploymentCommand,
  DeploymentEngine,
  DeploymentResult,
  DeploymentSettings,
  RunOptions,
} from "../deployment/engines/deployment";
import { renderResult } from "../deployment/engines/renderResult";
import { type Checkpoint, parseCheckpoint, readCheckpoint, writeCheckpoint } from "./checkpoint";
import { startNode } from "./childProcess";
import { DeploymentRun } from "./deploymentRun";
import { loadProject, type Project } from "./project";
import { type PropertyMap, secret } from "./properties";
import { quickStart } from "./quickStart";
import { runScript } from "./reusedProcess";
import { Secrets } from "./secrets";
import { StackSnapshot } from "./stackSnapshot";

/** One stack on the embedded engine; see index.ts for what that is, and what it is not. */
export class EmbeddedEngine implements DeploymentEngine {
  readonly name = "embedded engine";
  readonly #project: Project;
  readonly #config: PropertyMap = {};
  readonly #stateFile: string;
  readonly #secrets: Secrets;
  #running: DeploymentRun | undefined;

  constructor(readonly settings: DeploymentSettings) {
    const { projectDir, config = {}, stateDir, stack, passphrase = "test" } = settings;
    this.#project = loadProject(projectDir);
    for (const [key, value] of Object.entries(config)) void this.setConfig(key, value);
    this.#stateFile = join(stateDir, `${stack}.json`);
    this.#secrets = new Secrets(passphrase);
  }

  readonly preview = (options?: RunOptions) => this.#run("preview", options);
  readonly up = (options?: RunOptions) => this.#run("up", options);
  readonly refresh = (options?: RunOptions) => this.#run("refresh", options);
  readonly destroy = (options?: RunOptions) => this.#run("destroy", options);

  async setConfig(key: string, { value, secret: isHidden = false }: ConfigValue): Promise<void> {
    const name = key.includes(":") ? key : `${this.#project.name}:${key}`;
    this.#config[name] = isHidden ? secret(value) : value;
  }

  async exportState(): Promise<Checkpoint> {
    return readCheckpoint(this.#stateFile);
  }

  async importState(state: unknown): Promise<void> {
    writeCheckpoint(this.#stateFile, parseCheckpoint(state));
  }

  async cancel(): Promise<void> {
    await this.#running?.cancel();
  }

  async #run(command: DeploymentCommand, options: RunOptions = {}): Promise<DeploymentResult> {
    const { stack, env, freshProcesses = false } = this.settings;
    if (this.#running) throw new Error(`stack ${stack} is busy with another command`);
    const run = new DeploymentRun(command, options, {
      project: this.#project,
      stack,
      config: { ...this.#config },
      startProcess: freshProcesses ? startNode : runScript,
      env: { ...quickStart, ...process.env, ...env },
      snapshot: new StackSnapshot(this.#stateFile, this.#secrets, command === "preview"),
    });
    this.#running = run;
    try {
      const result = await run.execute();
      return { ...result, stdout: renderResult(result, stack) };
    } finally {
      this.#running = undefined;
    }
  }
}
