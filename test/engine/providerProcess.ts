import { startNode } from "./childProcess";
import { deferred } from "./deferred";
import type { Project } from "./project";
import { ProviderClient } from "./providerClient";
import type { ProviderCall } from "./providerProtocol";

export interface ProviderProcess {
  readonly client: ProviderClient;
  /** Tells the provider that it is over, and ends it. */
  close(): Promise<void>;
}

export interface ProviderProcessOptions {
  readonly project: Project;
  readonly stack: string;
  readonly engineAddress: string;
  readonly env: NodeJS.ProcessEnv;
  readonly config: Readonly<Record<string, string>>;
  onLine(stream: "stdout" | "stderr", line: string): void;
  onCall(call: ProviderCall): void;
  onStart(pid: number): void;
}

/** Starts the SDK's dynamic provider in the program's folder, and greets it as the real engine does. */
export async function startProvider(options: ProviderProcessOptions): Promise<ProviderProcess> {
  const { project, engineAddress } = options;
  const port = deferred<string>();
  let listening = false;
  const child = startNode({
    args: [project.dynamicProviderScript, engineAddress],
    cwd: project.programDirectory,
    env: {
      ...options.env,
      PULUMI_NODEJS_PROJECT: project.name,
      PULUMI_PROJECT: project.name,
      PULUMI_NODEJS_STACK: options.stack,
      PULUMI_STACK: options.stack,
      PULUMI_CONFIG: JSON.stringify(options.config),
    },
    onLine(stream, line) {
      // the first line that a plugin prints is its port
      if (listening || stream === "stderr") return options.onLine(stream, line);
      listening = true;
      port.resolve(line);
    },
  });
  options.onStart(child.pid);
  const early = child.ended.then(({ code, signal }) => {
    throw new Error(`the provider process ended before it listened (${signal ?? `exit code ${code}`})`);
  });
  early.catch(() => undefined);
  const client = new ProviderClient(
    `127.0.0.1:${await Promise.race([port.promise, early])}`,
    engineAddress,
    options.onCall,
  );
  const close = async () => {
    // a provider that is gone takes no message
    await Promise.race([client.cancel().catch(() => undefined), child.ended]);
    client.close();
    await child.stop();
  };
  try {
    await client.handshake(project.root, project.programDirectory);
  } catch (error) {
    await close();
    throw error;
  }
  return { client, close };
}
