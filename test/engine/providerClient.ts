import { randomBytes, randomUUID } from "node:crypto";
import { Client, credentials, type ServiceDefinition, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Message } from "google-protobuf";
import type { z } from "zod";
import { fillMessage, readMessage } from "./messageFields";
import { type PropertyMap, restoreSecrets, withoutSecrets } from "./properties";
import { ProviderError, toProviderError } from "./providerError";
import {
  checked,
  compared,
  created,
  type DiffResult,
  found,
  GRPC_OPTIONS,
  type Identity,
  nameOf,
  nothing,
  type ProviderCall,
  pluginInfo,
  type Stored,
  updated,
} from "./providerProtocol";

const identify = ({ urn, type }: Identity) => ({ urn, name: nameOf(urn), type });
const plain = (map: PropertyMap = {}) => withoutSecrets(map);
const ignored = (ignoreChanges: readonly string[]) =>
  ignoreChanges.length > 0 ? { ignoreChanges: [...ignoreChanges] } : {};
/** As in the real engine's log, a field with its type's zero is not there. */
const isSet = (value: unknown) => !(Array.isArray(value) ? value.length === 0 : !value);

/** The dynamic provider's gRPC service, in the engine's terms: plain properties in, secrets marked again out. */
export class ProviderClient {
  readonly #client: Client;

  constructor(
    address: string,
    readonly engineAddress: string,
    readonly onCall: (call: ProviderCall) => void,
  ) {
    this.#client = new Client(address, credentials.createInsecure(), GRPC_OPTIONS);
  }

  close(): void {
    this.#client.close();
  }

  async #call<Answer extends z.ZodObject>(
    method: string,
    fields: PropertyMap,
    answer: Answer,
  ): Promise<z.infer<Answer>> {
    const service: ServiceDefinition = ResourceProviderService;
    const call = service[method];
    if (!call) throw new Error(`the SDK's protocol has no call ${method}`);
    // no bytes at all are, in protobuf, the message without any field
    const request = fillMessage<Message>(call.requestDeserialize(Buffer.alloc(0)), fields);
    const log = { method: call.path, request: fields };
    try {
      const response = await new Promise<Message>((resolve, reject) => {
        const done = (error: ServiceError | null, value?: Message) =>
          value ? resolve(value) : reject(error && toProviderError(nameOf(call.path, "/"), error));
        this.#client.makeUnaryRequest(
          call.path,
          call.requestSerialize,
          call.responseDeserialize,
          request,
          done,
        );
      });
      const result = answer.parse(readMessage(response, Object.keys(answer.shape)));
      const shown = Object.entries(result).filter(([, value]) => isSet(value));
      this.onCall({ ...log, response: Object.fromEntries(shown) });
      return result;
    } catch (error) {
      if (error instanceof ProviderError) this.onCall({ ...log, errors: [error.rpc] });
      throw error;
    }
  }

  /** A call that the dynamic provider does not implement: handshake, and the checks of its configuration. */
  async #offer(method: "handshake" | "checkConfig" | "diffConfig", fields: PropertyMap): Promise<void> {
    await this.#call(method, fields, nothing).catch((error: unknown) => {
      if (!(error instanceof ProviderError) || error.lost) throw error;
    });
  }

  /** The tokens under which a real engine's provider could report the progress of one step. */
  #status() {
    return { resourceStatusAddress: this.engineAddress, resourceStatusToken: randomUUID() };
  }

  async handshake(rootDirectory: string, programDirectory: string): Promise<void> {
    await this.#offer("handshake", {
      engineAddress: this.engineAddress,
      rootDirectory,
      programDirectory,
      configureWithUrn: true,
      supportsViews: true,
      supportsRefreshBeforeUpdate: true,
      invokeWithPreview: true,
      mapperTarget: this.engineAddress,
      loaderTarget: this.engineAddress,
      resolverTarget: this.engineAddress,
    });
    await this.#call("getPluginInfo", {}, pluginInfo);
  }

  async checkConfig(provider: Identity, olds: PropertyMap | undefined, news: PropertyMap): Promise<void> {
    const fields = { ...identify(provider), olds: plain(olds), news: plain(news) };
    await this.#offer("checkConfig", fields);
    if (olds) await this.#offer("diffConfig", { ...fields, oldInputs: fields.olds });
  }

  async configure(provider: Identity, config: PropertyMap): Promise<void> {
    const variables = Object.entries(plain(config)).map(([key, value]) => [
      `pulumi-nodejs:config:${key}`,
      String(value),
    ]);
    const fields = {
      variables: Object.fromEntries(variables),
      args: config,
      acceptSecrets: true,
      acceptResources: true,
      sendsOldInputs: true,
      sendsOldInputsToDelete: true,
      ...identify(provider),
      id: provider.id ?? "",
    };
    await this.#call("configure", fields, nothing);
  }

  async check(resource: Identity, olds: PropertyMap | undefined, news: PropertyMap) {
    const randomSeed = randomBytes(32).toString("base64");
    const fields = { ...identify(resource), olds: plain(olds), news: plain(news), randomSeed };
    const { inputs, failures } = await this.#call("check", fields, checked);
    return { inputs: restoreSecrets(inputs, news), failures };
  }

  diff(stored: Stored, news: PropertyMap, ignoreChanges: readonly string[]): Promise<DiffResult> {
    return this.#call("diff", this.#change(stored, news, ignoreChanges), compared);
  }

  async create(resource: Identity, inputs: PropertyMap): Promise<{ id: string; properties: PropertyMap }> {
    const fields = { ...identify(resource), properties: plain(inputs), ...this.#status() };
    const { id, properties } = await this.#call("create", fields, created);
    return { id, properties: restoreSecrets(properties, inputs) };
  }

  async update(stored: Stored, news: PropertyMap, ignoreChanges: readonly string[]): Promise<PropertyMap> {
    const fields = { ...this.#change(stored, news, ignoreChanges), ...this.#status() };
    const { properties } = await this.#call("update", fields, updated);
    return restoreSecrets(properties, news);
  }

  #change(stored: Stored, news: PropertyMap, ignoreChanges: readonly string[]) {
    const { id = "", inputs, outputs } = stored;
    const properties = { olds: plain(outputs), news: plain(news), oldInputs: plain(inputs) };
    return { id, ...identify(stored), ...properties, ...ignored(ignoreChanges) };
  }

  async delete(stored: Stored): Promise<void> {
    const { id = "", inputs, outputs } = stored;
    const properties = { properties: plain(outputs), oldInputs: plain(inputs) };
    await this.#call("delete", { id, ...identify(stored), ...properties, ...this.#status() }, nothing);
  }

  /** What exists now; `undefined` when the resource is gone. */
  async read(
    stored: Stored,
  ): Promise<{ id: string; outputs: PropertyMap; inputs?: PropertyMap } | undefined> {
    const { id = "", inputs = {}, outputs = {} } = stored;
    const properties = { properties: plain(outputs), inputs: plain(inputs) };
    const fields = { id, ...identify(stored), ...properties, ...this.#status() };
    const now = await this.#call("read", fields, found);
    if (now.id === "") return undefined;
    return {
      id: now.id,
      outputs: restoreSecrets(now.properties, outputs),
      ...(now.inputs && { inputs: restoreSecrets(now.inputs, inputs) }),
    };
  }

  async cancel(): Promise<void> {
    await this.#call("cancel", {}, nothing);
  }
}
