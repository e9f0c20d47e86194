import { randomBytes, randomUUID } from "node:crypto";
import { Client, credentials, type ServiceDefinition, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Message } from "google-protobuf";
import { nameOf, type ResourceState } from "./checkpoint";
import { type NodeProcess, startNode } from "./childProcess";
import { type Answer, fillMessage, readAnswer } from "./messageFields";
import type { Project } from "./project";
import { type PropertyMap, restoreSecrets, withoutSecrets } from "./properties";
import { ProviderError } from "./providerError";

/** One call of the provider, with the field names of the protocol; logged when it ended. */
export interface ProviderCall {
  readonly method: string;
  readonly request: Record<string, unknown>;
  readonly response?: Record<string, unknown>;
  readonly errors?: readonly string[];
}

export interface ProviderOptions {
  readonly project: Project;
  readonly engineAddress: string;
  readonly env: NodeJS.ProcessEnv;
  onLine(stream: "stdout" | "stderr", line: string): void;
  onCall(call: ProviderCall): void;
}

export const GRPC_OPTIONS = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

const identify = ({ urn, type }: ResourceState) => ({ urn, name: nameOf(urn), type });
/**
 * The SDK's dynamic provider, a process in the program's folder, in the engine's terms: secrets leave it in plain,
 * because it knows none, and are marked again. Its methods are those of the protocol.
 */
export class Provider {
  readonly #process: NodeProcess;
  readonly #client: Promise<Client>;
  #isUsed = false;
  /** How resources refer to it, once it has been configured: URN and id. */
  reference = "";

  /** Starts the process; nothing is said to it yet. */
  constructor(readonly options: ProviderOptions) {
    const { project, engineAddress, env } = options;
    let listens = (_port: string) => {};
    const port = new Promise<string>((resolve) => {
      listens = resolve;
    });
    let isListening = false;
    this.#process = startNode({
      args: [project.dynamicProviderScript, engineAddress],
      cwd: project.programDirectory,
      env,
      onLine(stream, line) {
        // the first line that a plugin prints is its port
        if (isListening || stream === "stderr") return options.onLine(stream, line);
        isListening = true;
        listens(line);
      },
    });
    const early = this.#process.ended.then(({ code, signal }) => {
      throw new Error(`the provider process ended before it listened (${signal ?? `exit code ${code}`})`);
    });
    this.#client = Promise.race([port, early]).then(
      (known) => new Client(`127.0.0.1:${known}`, credentials.createInsecure(), GRPC_OPTIONS),
    );
    // whoever calls is told; and that a provider ends in the end is no news
    for (const promise of [early, this.#client]) promise.catch(() => undefined);
  }

  get pid(): number {
    return this.#process.pid;
  }

  async #call(method: string, fields: PropertyMap): Promise<Answer> {
    this.#isUsed = true;
    const client = await this.#client;
    const service: ServiceDefinition = ResourceProviderService;
    const call = service[method];
    if (!call) throw new Error(`the SDK's protocol has no call ${method}`);
    // no bytes at all are, in protobuf, the message without any field
    const request = fillMessage<Message>(call.requestDeserialize(Buffer.alloc(0)), fields);
    const log = { method: call.path, request: fields };
    try {
      const response = await new Promise<Message>((resolve, reject) => {
        const done = (error: ServiceError | null, value?: Message) =>
          value ? resolve(value) : reject(error && new ProviderError(call.path, error));
        client.makeUnaryRequest(call.path, call.requestSerialize, call.responseDeserialize, request, done);
      });
      const answer = readAnswer(response);
      this.options.onCall({ ...log, response: answer });
      return answer;
    } catch (error) {
      if (error instanceof ProviderError) this.options.onCall({ ...log, errors: [error.rpc] });
      throw error;
    }
  }

  /** A call that the dynamic provider does not implement: handshake, and the checks of its configuration. */
  async #offer(method: "handshake" | "checkConfig" | "diffConfig", fields: PropertyMap): Promise<void> {
    await this.#call(method, fields).catch((error: unknown) => {
      if (!(error instanceof ProviderError) || error.lost) throw error;
    });
  }

  /** The tokens under which a real engine's provider could report the progress of one step. */
  #status() {
    return { resourceStatusAddress: this.options.engineAddress, resourceStatusToken: randomUUID() };
  }

  async handshake(): Promise<void> {
    const { engineAddress, project } = this.options;
    await this.#offer("handshake", {
      engineAddress,
      rootDirectory: project.root,
      programDirectory: project.programDirectory,
      configureWithUrn: true,
      supportsViews: true,
      supportsRefreshBeforeUpdate: true,
      invokeWithPreview: true,
      mapperTarget: engineAddress,
      loaderTarget: engineAddress,
      resolverTarget: engineAddress,
    });
    await this.#call("getPluginInfo", {});
  }

  async checkConfig(state: ResourceState, old: ResourceState | undefined): Promise<void> {
    const [olds, news] = [withoutSecrets(old?.inputs), withoutSecrets(state.inputs)];
    await this.#offer("checkConfig", { ...identify(state), olds, news });
    if (old) await this.#offer("diffConfig", { ...identify(state), olds, news, oldInputs: olds });
  }

  async configure(state: ResourceState): Promise<void> {
    const variables = Object.entries(withoutSecrets(state.inputs)).map(([key, value]) => [
      `pulumi-nodejs:config:${key}`,
      String(value),
    ]);
    const fields = {
      variables: Object.fromEntries(variables),
      args: state.inputs ?? {},
      acceptSecrets: true,
      acceptResources: true,
      sendsOldInputs: true,
      sendsOldInputsToDelete: true,
      ...identify(state),
      id: state.id ?? "",
    };
    await this.#call("configure", fields);
    this.reference = `${state.urn}::${state.id}`;
  }

  async check(state: ResourceState, oldInputs: PropertyMap | undefined) {
    const randomSeed = randomBytes(32).toString("base64");
    const [olds, news] = [withoutSecrets(oldInputs), withoutSecrets(state.inputs)];
    const fields = { ...identify(state), olds, news, randomSeed };
    const { inputs = {}, failures = [] } = await this.#call("check", fields);
    return { inputs: restoreSecrets(inputs, state.inputs), failures };
  }

  diff(old: ResourceState, state: ResourceState): Promise<Answer> {
    return this.#call("diff", this.#change(old, state));
  }

  async create(state: ResourceState) {
    const fields = { ...identify(state), properties: withoutSecrets(state.inputs), ...this.#status() };
    const { id = "", properties = {} } = await this.#call("create", fields);
    return { id, outputs: restoreSecrets(properties, state.inputs) };
  }

  async update(old: ResourceState, state: ResourceState): Promise<PropertyMap> {
    const fields = { ...this.#change(old, state), ...this.#status() };
    const { properties = {} } = await this.#call("update", fields);
    return restoreSecrets(properties, state.inputs);
  }

  #change(old: ResourceState, { inputs, ignoreChanges = [] }: ResourceState) {
    return {
      id: old.id ?? "",
      ...identify(old),
      olds: withoutSecrets(old.outputs),
      news: withoutSecrets(inputs),
      oldInputs: withoutSecrets(old.inputs),
      ...(ignoreChanges.length > 0 && { ignoreChanges: [...ignoreChanges] }),
    };
  }

  #stored({ id = "", outputs, ...rest }: ResourceState) {
    return { id, ...identify(rest), properties: withoutSecrets(outputs), ...this.#status() };
  }

  async delete(old: ResourceState): Promise<void> {
    const fields = { ...this.#stored(old), oldInputs: withoutSecrets(old.inputs) };
    await this.#call("delete", fields);
  }

  /** What exists now; `undefined` when the resource is gone. */
  async read(old: ResourceState) {
    const fields = { ...this.#stored(old), inputs: withoutSecrets(old.inputs) };
    const { id, properties = {}, inputs } = await this.#call("read", fields);
    if (id === undefined) return undefined;
    const outputs = restoreSecrets(properties, old.outputs);
    return { id, outputs, inputs: inputs ? restoreSecrets(inputs, old.inputs) : old.inputs };
  }

  /** Tells the provider to hurry, without ending it. */
  async cancel(): Promise<void> {
    await this.#call("cancel", {});
  }

  /** Tells the provider that it is over, and ends it. */
  async close(): Promise<void> {
    if (!this.#isUsed) return this.#process.stop("SIGKILL");
    // a provider that is gone takes no message
    await Promise.race([this.cancel().catch(() => undefined), this.#process.ended]);
    await this.#process.stop();
    await this.#client.then(
      (client) => client.close(),
      () => undefined,
    );
  }
}
