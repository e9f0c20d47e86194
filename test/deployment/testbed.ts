import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  EMULATOR_API_KEY,
  EMULATOR_APP_KEY,
  type EmulatedFinding,
  type Emulator,
  type EmulatorServerOptions,
  seedFindings,
  startEmulator,
} from "../emulator";
import type {
  DeploymentEngine,
  DeploymentResult,
  DeploymentSettings,
  EngineChoice,
  RunOptions,
} from "../engine";
import { KeyWatch, ownOutput } from "./keyWatch";
import { watchedEngine } from "./watchedEngine";

export type Spec = Record<string, Record<string, unknown>>;

export interface TestbedOptions extends EmulatorServerOptions {
  /** Default 20; ids are those of the seeded findings. */
  readonly count?: number;
  /** Default: the program that declares what the spec says. */
  readonly projectDir?: string;
  readonly config?: DeploymentSettings["config"];
  readonly env?: NodeJS.ProcessEnv;
  readonly freshProcesses?: boolean;
}

/**
 * A stack of a program, on an engine, against an emulator on a socket; all of it gone after `close`, which
 * fails where a key is in anything that was printed or stored.
 */
export interface Testbed {
  readonly emulator: Emulator;
  readonly engine: DeploymentEngine;
  /** Of the engine: another stack, or another machine, is made with these and what differs. */
  readonly settings: DeploymentSettings;
  readonly ids: readonly string[];
  readonly users: readonly string[];
  readonly folder: string;
  /** Of the emulator. */
  readonly url: string;
  /** Deploys the spec. @throws AssertionError where the deployment does not succeed */
  up(spec: Spec, options?: RunOptions): Promise<DeploymentResult>;
  /** Deploys the spec, whatever becomes of it. */
  tryUp(spec: Spec, options?: RunOptions): Promise<DeploymentResult>;
  preview(spec: Spec): Promise<DeploymentResult>;
  /** Sizes of the batches that have been sent since the log was reset, the largest first. */
  batches(): number[];
  assertOwners(findingIds: readonly string[], owner: string | null | undefined): void;
  close(): Promise<void>;
}

/** None of the machine's own settings reaches a test. */
export const cleanEnv: NodeJS.ProcessEnv = {
  DD_API_KEY: undefined,
  DATADOG_API_KEY: undefined,
  DD_APP_KEY: undefined,
  DATADOG_APP_KEY: undefined,
  DD_SITE: undefined,
  DD_HOST: undefined,
  DATADOG_HOST: undefined,
};

export const keys: NonNullable<DeploymentSettings["config"]> = {
  "datadog:apiKey": { value: EMULATOR_API_KEY, secret: true },
  "datadog:appKey": { value: EMULATOR_APP_KEY, secret: true },
};

export async function openTestbed(choice: EngineChoice, options: TestbedOptions = {}): Promise<Testbed> {
  const { count = 20, projectDir = join(__dirname, "program"), config, env, ...others } = options;
  const { freshProcesses = false, ...emulatorOptions } = others;
  const findings: readonly EmulatedFinding[] = options.findings ?? seedFindings({ count });
  const { emulator, url, close } = await startEmulator({ ...emulatorOptions, findings });
  const folder = mkdtempSync(join(tmpdir(), "findings-test-"));
  const specFile = join(folder, "spec.json");
  const watch = new KeyWatch();
  const settings: DeploymentSettings = {
    projectDir,
    stack: "dev",
    freshProcesses,
    stateDir: join(folder, "state"),
    config: { "datadog:apiUrl": { value: url }, spec: { value: specFile }, ...(config ?? keys) },
    env: { ...cleanEnv, PULUMI_HOME: join(folder, "home"), ...env },
  };
  const engine = watchedEngine(choice.create(settings), (text) => watch.hear(text));
  const declare = (spec: Spec) => writeFileSync(specFile, JSON.stringify(spec));
  const tryUp = (spec: Spec, run?: RunOptions) => {
    declare(spec);
    return engine.up(run);
  };
  return {
    emulator,
    engine,
    settings,
    folder,
    url,
    ids: findings.map((finding) => finding.id),
    users: emulator.users.filter((user) => !user.disabled).map((user) => user.id),
    tryUp,
    up: async (spec, run) => {
      const result = await tryUp(spec, run);
      assert.equal(result.exitCode, 0, result.stdout);
      return result;
    },
    preview: (spec) => {
      declare(spec);
      return engine.preview();
    },
    batches: () =>
      emulator.requests.all.flatMap(({ findingIds }) => findingIds?.length ?? []).sort((a, b) => b - a),
    assertOwners(findingIds, owner) {
      for (const id of findingIds) assert.equal(emulator.ownerOf(id), owner);
    },
    async close() {
      await close();
      watch.read(folder, { from: projectDir, to: join(folder, "state", "project") });
      rmSync(folder, { recursive: true, force: true });
      watch.assertNothingTold();
      ownOutput.assertNothingTold();
    },
  };
}
