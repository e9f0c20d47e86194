import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

export interface LogLine {
  readonly severity: "DEBUG" | "INFO" | "WARNING" | "ERROR";
  readonly message: string;
  /** The resource under which it stands; without it, the stack. */
  readonly urn?: string | undefined;
  /** Progress: shown while it lasts, and kept nowhere. */
  readonly ephemeral?: boolean;
}

/** Where lines for the person who deploys go. */
export interface DeploymentLog {
  /** From now on lines go to the engine at this address. */
  connect(address: string): void;
  say(line: LogLine): void;
  /** Resolves when all that was said has arrived. */
  flush(): Promise<void>;
}

/** An engine that does not take a line within this time has other troubles, ms. */
const LOG_TIMEOUT_MS = 2_000;

/** What the plugin says to the person who deploys. What it prints is shown nowhere (recording 111). */
export class EngineLog implements DeploymentLog {
  #client: EngineClient | undefined;
  /** The engine shows lines as they arrive, so each waits for the one before it. */
  #last: Promise<void> = Promise.resolve();

  connect(address: string): void {
    this.#client?.close();
    this.#client = new EngineClient(address, grpc.credentials.createInsecure());
  }

  say(line: LogLine): void {
    const client = this.#client;
    if (client) this.#last = this.#last.then(() => send(client, line));
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  async flush(): Promise<void> {
    await this.#last;
  }
}

/** An engine that is gone hears nothing, and that is no failure of what was to be told. */
function send(
  client: EngineClient,
  { severity, message, urn = "", ephemeral = false }: LogLine,
): Promise<void> {
  const request = new LogRequest();
  request.setSeverity(LogSeverity[severity]);
  request.setMessage(message);
  request.setUrn(urn);
  request.setEphemeral(ephemeral);
  return new Promise((resolve) => {
    const metadata = new grpc.Metadata();
    client.log(request, metadata, { deadline: Date.now() + LOG_TIMEOUT_MS }, () => resolve());
  });
}
