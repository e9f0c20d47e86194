import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type DeploymentSettings, embeddedEngine } from "../engine";

/** `up` in a process of its own, which can be killed together with the engine that runs in it. */
export interface EngineProcess {
  /** Resolves when the process is gone. */
  readonly ended: Promise<unknown>;
  kill(): void;
}

/**
 * @param onProviderStart called with the pid of the provider, which outlives a killed engine
 * @param onLine called with what program and provider print
 */
export function startEngineProcess(
  settings: DeploymentSettings,
  onProviderStart: (pid: number) => void,
  onLine: (line: string) => void = () => {},
): EngineProcess {
  const child: ChildProcess = fork(__filename, [JSON.stringify(settings)], {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...settings.env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.on("message", (told) => (typeof told === "number" ? onProviderStart(told) : onLine(String(told))));
  return { ended: once(child, "close"), kill: () => void child.kill("SIGKILL") };
}

async function deploy(settings: DeploymentSettings): Promise<void> {
  const result = await embeddedEngine.create({ ...settings, freshProcesses: true }).up({
    onProviderStart: (pid) => process.send?.(pid),
    onOutput: ({ line }) => process.send?.(line),
  });
  process.exitCode = result.exitCode;
  process.disconnect();
}

if (require.main === module) void deploy(JSON.parse(process.argv[2] ?? "{}"));
