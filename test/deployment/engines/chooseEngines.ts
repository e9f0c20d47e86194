import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { EmbeddedEngine } from "../../engine/embeddedEngine";
import { AutomationEngine } from "./automationEngine";
import type { DeploymentEngine, DeploymentSettings } from "./deployment";

export interface EngineChoice {
  readonly name: string;
  create(settings: DeploymentSettings): DeploymentEngine;
}

export const embeddedEngine: EngineChoice = {
  name: "embedded engine",
  create: (settings) => new EmbeddedEngine(settings),
};
export const automationEngine: EngineChoice = {
  name: "pulumi CLI",
  create: (settings) => new AutomationEngine(settings),
};

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The path of the `pulumi` CLI that the Automation API would run, if there is one. */
export function findPulumiCli(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const names = process.platform === "win32" ? ["pulumi.exe", "pulumi.cmd"] : ["pulumi"];
  const folders = (env["PATH"] ?? "").split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

/** The embedded engine always, and the real one wherever a CLI is found. */
export function chooseEngines(env: NodeJS.ProcessEnv = process.env): readonly EngineChoice[] {
  return findPulumiCli(env) ? [embeddedEngine, automationEngine] : [embeddedEngine];
}

/** One line that says which engines a run of the tests uses. */
export function describeEngines(env: NodeJS.ProcessEnv = process.env): string {
  const cli = findPulumiCli(env);
  return cli
    ? `Deployments run on the embedded engine and on the pulumi CLI (${cli}).`
    : "Deployments run on the embedded engine only: no pulumi CLI on PATH.";
}

/** A stack on the embedded engine, or on another one. */
export const createDeployment = (
  settings: DeploymentSettings,
  engine: EngineChoice = embeddedEngine,
): DeploymentEngine => engine.create(settings);
