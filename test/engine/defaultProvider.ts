import { randomUUID } from "node:crypto";
import type { ResourceState } from "./checkpoint";
import { equalProperties, type PropertyMap, UNKNOWN } from "./properties";
import type { ProviderClient } from "./providerClient";
import type { ProviderProcess } from "./providerProcess";
import type { RunControl } from "./runControl";
import type { StackSnapshot } from "./stackSnapshot";

const PROVIDER_TYPE = "pulumi:providers:pulumi-nodejs";
export const isProvider = (resource: ResourceState): boolean => resource.type.startsWith("pulumi:providers:");

export interface LoadedProvider {
  readonly client: ProviderClient;
  /** How resources refer to it: URN and id. */
  readonly reference: string;
}

/**
 * The one provider of dynamic resources. A program's first resource registers it anew, with the stack's config
 * as its inputs; a refresh, a destroy, or an `up` that only deletes, loads it from the state as it was.
 */
export class DefaultProvider {
  #loaded: Promise<LoadedProvider> | undefined;
  #process: ProviderProcess | undefined;
  readonly urn: string;

  constructor(
    stack: string,
    project: string,
    readonly config: PropertyMap,
    readonly start: () => Promise<ProviderProcess>,
    readonly snapshot: StackSnapshot,
    readonly control: RunControl,
  ) {
    this.urn = `urn:pulumi:${stack}::${project}::${PROVIDER_TYPE}::default`;
  }

  /** For a resource that the program declares. */
  register(): Promise<LoadedProvider> {
    this.#loaded ??= this.#register();
    return this.#loaded;
  }

  /** For a resource that is only in the state. */
  load(): Promise<LoadedProvider> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  async #client(): Promise<ProviderClient> {
    this.#process = await this.start();
    return this.#process.client;
  }

  async #register(): Promise<LoadedProvider> {
    const client = await this.#client();
    const old = this.snapshot.find(this.urn);
    const identity = { urn: this.urn, type: PROVIDER_TYPE };
    await client.checkConfig(identity, old?.inputs, this.config);
    const id = old?.id ?? (this.control.preview ? UNKNOWN : randomUUID());
    await client.configure({ ...identity, id }, this.config);
    const same = old !== undefined && equalProperties(old.inputs ?? {}, this.config);
    const now = new Date().toISOString();
    this.snapshot.replace(old, {
      ...identity,
      custom: true,
      id,
      inputs: this.config,
      outputs: this.config,
      created: old?.created ?? now,
      modified: same ? old.modified : now,
    });
    await this.snapshot.save();
    return { client, reference: `${this.urn}::${id}` };
  }

  async #load(): Promise<LoadedProvider> {
    const old = this.snapshot.find(this.urn);
    const id = old?.id;
    if (!id) throw new Error(`the state has no provider ${this.urn} for its resources`);
    const client = await this.#client();
    await client.configure({ urn: this.urn, type: PROVIDER_TYPE, id }, old.inputs ?? {});
    return { client, reference: `${this.urn}::${id}` };
  }

  /** Tells the provider to hurry, without ending it. */
  async cancel(): Promise<void> {
    await this.#process?.client.cancel().catch(() => undefined);
  }

  /** Ends the provider process; the next use starts another one. */
  async close(): Promise<void> {
    await this.#loaded?.catch(() => undefined);
    const running = this.#process;
    this.#loaded = undefined;
    this.#process = undefined;
    await running?.close();
  }
}
