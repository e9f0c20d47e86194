import { randomBytes, randomUUID } from "node:crypto";
import { credentials, type requestCallback } from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import type { ResourceState } from "./checkpoint";
import { fillMessage, type MessageFields } from "./fillMessage";
import { fromStruct, type PropertyMap, restoreSecrets, withoutSecrets } from "./properties";
import { ProviderError, toProviderError } from "./providerError";
import { Empty } from "./sdkProtobuf";

/** One call of the provider, with the field names of the protocol; logged when it ended. */
export interface ProviderCall {
  readonly method: string;
  readonly request: Record<string, unknown>;
  readonly response?: Record<string, unknown>;
  readonly errors?: readonly string[];
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}
export interface DiffResult {
  readonly changes: "DIFF_UNKNOWN" | "DIFF_NONE" | "DIFF_SOME";
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}
export interface Identity {
  readonly urn: string;
  readonly type: string;
}
export interface Stored extends Identity {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

export const toStored = (resource: ResourceState): Stored => ({
  urn: resource.urn,
  type: resource.type,
  id: resource.id ?? "",
  inputs: resource.inputs ?? {},
  outputs: resource.outputs ?? {},
});

export const GRPC_OPTIONS = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

export const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);
const identify = ({ urn, type }: Identity) => ({ urn, name: nameOf(urn), type });
const changeNames = ["DIFF_UNKNOWN", "DIFF_NONE", "DIFF_SOME"] as const;
const ignored = (ignoreChanges: readonly string[]) => (ignoreChanges.length > 0 ? { ignoreChanges } : {});

/** The dynamic provider's gRPC service, in the engine's terms: plain properties in, secrets marked again out. */
export class ProviderClient {
  readonly #client: ResourceProviderClient;

  constructor(
    address: string,
    readonly engineAddress: string,
    readonly onCall: (call: ProviderCall) => void,
  ) {
    this.#client = new ResourceProviderClient(address, credentials.createInsecure(), GRPC_OPTIONS);
  }

  close(): void {
    this.#client.close();
  }

  async #call<Response, Result extends object>(
    method: string,
    fields: MessageFields,
    send: (callback: requestCallback<Response>) => unknown,
    read: (response: Response) => Result,
    show: (result: Result) => object = (result) => result,
  ): Promise<Result> {
    const log = { method: `/pulumirpc.ResourceProvider/${method}`, request: fields };
    try {
      const response = await new Promise<Response>((resolve, reject) => {
        send((error, value) => {
          if (error) reject(toProviderError(method, error));
          else if (value === undefined) reject(new ProviderError("no answer", method, "", true));
          else resolve(value);
        });
      });
      const result = read(response);
      this.onCall({ ...log, response: { ...show(result) } });
      return result;
    } catch (error) {
      if (error instanceof ProviderError) this.onCall({ ...log, errors: [error.rpc] });
      throw error;
    }
  }

  /** The tokens under which a real engine's provider could report the progress of one step. */
  #status() {
    return { resourceStatusAddress: this.engineAddress, resourceStatusToken: randomUUID() };
  }

  async handshake(rootDirectory: string, programDirectory: string): Promise<void> {
    const fields = {
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
    };
    const message = fillMessage(new proto.ProviderHandshakeRequest(), fields);
    await this.#tolerant(
      this.#call(
        "Handshake",
        fields,
        (done) => this.#client.handshake(message, done),
        () => ({}),
      ),
    );
    await this.#call(
      "GetPluginInfo",
      {},
      (done) => this.#client.getPluginInfo(new Empty(), done),
      (response: PluginInfo) => ({ version: response.getVersion() }),
    );
  }

  /** The dynamic provider implements neither handshake nor the checks of its configuration. */
  async #tolerant(call: Promise<unknown>): Promise<void> {
    await call.catch((error: unknown) => {
      if (!(error instanceof ProviderError) || error.lost) throw error;
    });
  }

  async checkConfig(provider: Identity, olds: PropertyMap | undefined, news: PropertyMap): Promise<void> {
    const fields = { ...identify(provider), olds: withoutSecrets(olds ?? {}), news: withoutSecrets(news) };
    const check = fillMessage(new proto.CheckRequest(), fields);
    await this.#tolerant(
      this.#call(
        "CheckConfig",
        fields,
        (done) => this.#client.checkConfig(check, done),
        () => ({}),
      ),
    );
    if (!olds) return;
    const diffFields = { ...fields, oldInputs: fields.olds };
    const diff = fillMessage(new proto.DiffRequest(), diffFields);
    await this.#tolerant(
      this.#call(
        "DiffConfig",
        diffFields,
        (done) => this.#client.diffConfig(diff, done),
        () => ({}),
      ),
    );
  }

  async configure(provider: Identity & { readonly id: string }, config: PropertyMap): Promise<void> {
    const variables = Object.fromEntries(
      Object.entries(withoutSecrets(config)).map(([key, value]) => [
        `pulumi-nodejs:config:${key}`,
        String(value),
      ]),
    );
    const fields = {
      args: config,
      acceptSecrets: true,
      acceptResources: true,
      sendsOldInputs: true,
      sendsOldInputsToDelete: true,
      ...identify(provider),
      id: provider.id,
    };
    const message = fillMessage(new proto.ConfigureRequest(), fields);
    for (const [key, value] of Object.entries(variables)) message.getVariablesMap().set(key, value);
    await this.#call(
      "Configure",
      { ...fields, variables },
      (done) => this.#client.configure(message, done),
      () => ({}),
    );
  }

  async check(resource: Identity, olds: PropertyMap | undefined, news: PropertyMap) {
    const fields = {
      ...identify(resource),
      olds: withoutSecrets(olds ?? {}),
      news: withoutSecrets(news),
      randomSeed: randomBytes(32).toString("base64"),
    };
    const message = fillMessage(new proto.CheckRequest(), fields);
    const result = await this.#call(
      "Check",
      fields,
      (done) => this.#client.check(message, done),
      (response: proto.CheckResponse) => ({
        inputs: fromStruct(response.getInputs()),
        failures: response
          .getFailuresList()
          .map((failure): CheckFailure => ({ property: failure.getProperty(), reason: failure.getReason() })),
      }),
      ({ inputs, failures }) => ({ inputs, ...(failures.length > 0 && { failures }) }),
    );
    return { ...result, inputs: restoreSecrets(result.inputs, news) };
  }

  diff(stored: Stored, news: PropertyMap, ignoreChanges: readonly string[]): Promise<DiffResult> {
    const fields = {
      id: stored.id,
      ...identify(stored),
      olds: withoutSecrets(stored.outputs),
      news: withoutSecrets(news),
      oldInputs: withoutSecrets(stored.inputs),
      ...ignored(ignoreChanges),
    };
    const message = fillMessage(new proto.DiffRequest(), fields);
    return this.#call(
      "Diff",
      fields,
      (done) => this.#client.diff(message, done),
      (response: proto.DiffResponse) => ({
        changes: changeNames[response.getChanges()] ?? "DIFF_UNKNOWN",
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      }),
      ({ changes, replaces, deleteBeforeReplace }) => ({
        ...(changes !== "DIFF_UNKNOWN" && { changes }),
        ...(replaces.length > 0 && { replaces }),
        ...(deleteBeforeReplace && { deleteBeforeReplace }),
      }),
    );
  }

  async create(resource: Identity, inputs: PropertyMap): Promise<{ id: string; properties: PropertyMap }> {
    const fields = { ...identify(resource), properties: withoutSecrets(inputs), ...this.#status() };
    const message = fillMessage(new proto.CreateRequest(), fields);
    const { id, properties } = await this.#call(
      "Create",
      fields,
      (done) => this.#client.create(message, done),
      (response: proto.CreateResponse) => ({
        id: response.getId(),
        properties: fromStruct(response.getProperties()),
      }),
    );
    return { id, properties: restoreSecrets(properties, inputs) };
  }

  async update(stored: Stored, news: PropertyMap, ignoreChanges: readonly string[]): Promise<PropertyMap> {
    const fields = {
      id: stored.id,
      ...identify(stored),
      olds: withoutSecrets(stored.outputs),
      news: withoutSecrets(news),
      oldInputs: withoutSecrets(stored.inputs),
      ...ignored(ignoreChanges),
      ...this.#status(),
    };
    const message = fillMessage(new proto.UpdateRequest(), fields);
    const { properties } = await this.#call(
      "Update",
      fields,
      (done) => this.#client.update(message, done),
      (response: proto.UpdateResponse) => ({ properties: fromStruct(response.getProperties()) }),
    );
    return restoreSecrets(properties, news);
  }

  async delete(stored: Stored): Promise<void> {
    const fields = {
      id: stored.id,
      ...identify(stored),
      properties: withoutSecrets(stored.outputs),
      oldInputs: withoutSecrets(stored.inputs),
      ...this.#status(),
    };
    const message = fillMessage(new proto.DeleteRequest(), fields);
    await this.#call(
      "Delete",
      fields,
      (done) => this.#client.delete(message, done),
      () => ({}),
    );
  }

  /** What exists now; `undefined` when the resource is gone. */
  async read(
    stored: Stored,
  ): Promise<{ id: string; outputs: PropertyMap; inputs?: PropertyMap } | undefined> {
    const fields = {
      id: stored.id,
      ...identify(stored),
      properties: withoutSecrets(stored.outputs),
      inputs: withoutSecrets(stored.inputs),
      ...this.#status(),
    };
    const message = fillMessage(new proto.ReadRequest(), fields);
    const { id, properties, inputs } = await this.#call(
      "Read",
      fields,
      (done) => this.#client.read(message, done),
      (response: proto.ReadResponse) => ({
        id: response.getId(),
        properties: fromStruct(response.getProperties()),
        inputs: response.hasInputs() ? fromStruct(response.getInputs()) : undefined,
      }),
      (result) => ({
        ...(result.id && { id: result.id }),
        properties: result.properties,
        ...(result.inputs && { inputs: result.inputs }),
      }),
    );
    if (id === "") return undefined;
    return {
      id,
      outputs: restoreSecrets(properties, stored.outputs),
      ...(inputs && { inputs: restoreSecrets(inputs, stored.inputs) }),
    };
  }

  async cancel(): Promise<void> {
    await this.#call(
      "Cancel",
      {},
      (done) => this.#client.cancel(new Empty(), done),
      () => ({}),
    );
  }
}
