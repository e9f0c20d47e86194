import { randomBytes, randomUUID } from "node:crypto";
import { Client, credentials, type ServiceDefinition, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Message } from "google-protobuf";
import { nameOf, type ResourceState } from "./checkpoint";
import type { NodeProcess, startNode } from "./childProcess";
import { type Answer, fillMessage, readAnswer } from "./messageFields";
import type { Project } from "./project";
import { type PropertyMap, restoreSecrets, withoutSecrets } from "./properties";
import { ProviderError } from "./providerError";
import { refusal } from "./resourceGoal";

/** One call of the provider, with the field names of the protocol; logged when it ended. */
export interface ProviderCall {
  readonly method: string;
  readonly request: Record<string, unknown>;
  readonly response?: Record<string, unknown>;
  readonly errors?: readonly string[];
}

export interface ProviderOptions {
  readonly packageName: string;
  /** Script of a plugin; default: the SDK's dynamic provider. */
  readonly plugin?: string;
  readonly project: Project;
  readonly startProcess: typeof startNode;
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
 * The SDK's dynamic provider, or a plugin: a process in the program's folder, in the engine's terms. To one
 * that knows no secrets they go in plain, and are marked again. Its methods are those of the protocol.
 */
export class Provider {
  readonly #process: NodeProcess;
  readonly #client: Promise<Client>;
  #isUsed = false;
  /** How resources refer to it, once it has been configured: URN and id. */
  reference = "";
  /** Whether it says what a change would come to (`preview` of Create and Update). */
  hasPreviews = false;
  #knowsSecrets = false;

  /** Starts the process; nothing is said to it yet. */
  constructor(readonly options: ProviderOptions) {
    const { project, engineAddress, env } = options;
    let listens = (_port: string) => {};
    const port = new Promise<string>((resolve) => {
      listens = resolve;
    });
    let isListening = false;
    this.#process = options.startProcess({
      args: [options.plugin ?? project.dynamicProviderScript, engineAddress],
      cwd: project.programDirectory,
      env,
      hasInput: options.plugin !== undefined,
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
  async #offer(method: "handshake" | "checkConfig" | "diffConfig", fields: PropertyMap): Promise<Answer> {
    return await this.#call(method, fields).catch((error: unknown) => {
      if (!(error instanceof ProviderError) || error.lost) throw error;
      if (this.options.plugin !== undefined) throw error;
      return {};
    });
  }

  /** Properties as this provider takes them. */
  #sent(map: PropertyMap | undefined): PropertyMap {
    return this.#knowsSecrets ? (map ?? {}) : withoutSecrets(map);
  }

  /** What it gives back: one that knows no secrets has laid those open that went there. */
  #received(map: PropertyMap, sent: PropertyMap | undefined): PropertyMap {
    return this.#knowsSecrets ? map : restoreSecrets(map, sent);
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

  /** @returns the provider's state with the inputs as it wants them */
  async checkConfig(state: ResourceState, old: ResourceState | undefined): Promise<ResourceState> {
    const [olds, news] = [withoutSecrets(old?.inputs), withoutSecrets(state.inputs)];
    const checked = await this.#offer("checkConfig", { ...identify(state), olds, news });
    const { inputs = state.inputs ?? {}, failures = [] } = checked;
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    if (old) {
      const now = withoutSecrets(inputs);
      const { replaces = [] } = await this.#offer("diffConfig", {
        ...identify(state),
        olds,
        news: now,
        oldInputs: olds,
      });
      if (replaces.length > 0) throw refusal("the replacement of a provider");
    }
    return { ...state, inputs, outputs: inputs };
  }

  async configure(state: ResourceState): Promise<void> {
    const variables = Object.entries(withoutSecrets(state.inputs)).map(([key, value]) => [
      `${this.options.packageName}:config:${key}`,
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
    const { acceptSecrets = false, supportsPreview = false } = await this.#call("configure", fields);
    this.#knowsSecrets = acceptSecrets;
    this.hasPreviews = supportsPreview;
    this.reference = `${state.urn}::${state.id}`;
  }

  async check(state: ResourceState, oldInputs: PropertyMap | undefined) {
    const randomSeed = randomBytes(32).toString("base64");
    const [olds, news] = [this.#sent(oldInputs), this.#sent(state.inputs)];
    const fields = { ...identify(state), olds, news, randomSeed };
    const { inputs = {}, failures = [] } = await this.#call("check", fields);
    return { inputs: this.#received(inputs, state.inputs), failures };
  }

  diff(old: ResourceState, state: ResourceState): Promise<Answer> {
    return this.#call("diff", this.#change(old, state));
  }

  /** @param preview asks what would come of it, of a provider that has previews */
  async create(state: ResourceState, preview = false) {
    const properties = this.#sent(state.inputs);
    const fields = { ...identify(state), properties, ...(preview && { preview }), ...this.#status() };
    const { id = "", properties: outputs = {} } = await this.#call("create", fields);
    return { id, outputs: this.#received(outputs, state.inputs) };
  }

  async update(old: ResourceState, state: ResourceState, preview = false): Promise<PropertyMap> {
    const fields = { ...this.#change(old, state), ...(preview && { preview }), ...this.#status() };
    const { properties = {} } = await this.#call("update", fields);
    return this.#received(properties, state.inputs);
  }

  #change(old: ResourceState, state: ResourceState) {
    const { ignoreChanges = [] } = state;
    return {
      id: old.id ?? "",
      ...identify(state),
      olds: this.#sent(old.outputs),
      news: this.#sent(state.inputs),
      oldInputs: this.#sent(old.inputs),
      ...(ignoreChanges.length > 0 && { ignoreChanges: [...ignoreChanges] }),
    };
  }

  #stored({ id = "", outputs, ...rest }: ResourceState) {
    return { id, ...identify(rest), properties: this.#sent(outputs), ...this.#status() };
  }

  async delete(old: ResourceState): Promise<void> {
    const fields = { ...this.#stored(old), oldInputs: this.#sent(old.inputs) };
    await this.#call("delete", fields);
  }

  /** What exists now; `undefined` when the resource is gone. */
  async read(old: ResourceState) {
    const fields = { ...this.#stored(old), inputs: this.#sent(old.inputs) };
    const { id, properties = {}, inputs } = await this.#call("read", fields);
    if (id === undefined) return undefined;
    const outputs = this.#received(properties, old.outputs);
    return { id, outputs, inputs: inputs ? this.#received(inputs, old.inputs) : old.inputs };
  }

  /** Tells the provider to hurry, without ending it. */
  async cancel(): Promise<void> {
    await this.#call("cancel", {});
  }

  /** Tells the provider that it is over, and ends it. */
  async close(): Promise<void> {
    if (!this.#isUsed) return this.#process.stop(this.options.plugin === undefined ? "SIGINT" : "SIGKILL");
    // a provider that is gone takes no message
    await Promise.race([this.cancel().catch(() => undefined), this.#process.ended]);
    await this.#process.stop();
    await this.#client.then(
      (client) => client.close(),
      () => undefined,
    );
  }
}
