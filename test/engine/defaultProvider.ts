import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ResourceState } from "./checkpoint";
import { type PropertyMap, UNKNOWN } from "./properties";
import type { Provider } from "./provider";
import type { StackSnapshot } from "./stackSnapshot";

const PROVIDER_TYPE = "pulumi:providers:pulumi-nodejs";
export const isProvider = ({ type }: ResourceState): boolean => type.startsWith("pulumi:providers:");

interface Loaded {
  readonly provider: Provider;
  readonly reference: string;
}

/**
 * The one provider of dynamic resources. A program's first resource registers it anew, with the stack's config
 * as its inputs; a refresh, a destroy, or an `up` that only deletes, loads it from the state as it was.
 */
export class DefaultProvider {
  #provider: Provider | undefined;
  #loaded: Promise<Loaded> | undefined;
  readonly #identity: Pick<ResourceState, "urn" | "type" | "custom">;

  constructor(
    scope: string,
    readonly config: PropertyMap,
    readonly snapshot: StackSnapshot,
    readonly spawn: () => Provider,
  ) {
    this.#identity = { urn: `${scope}::${PROVIDER_TYPE}::default`, type: PROVIDER_TYPE, custom: true };
  }

  /** Starts the process, which takes its time to load, before somebody needs it. */
  start(): Provider {
    this.#provider ??= this.spawn();
    return this.#provider;
  }

  /** For a resource that the program declares. */
  register(): Promise<Loaded> {
    this.#loaded ??= this.#register(this.start());
    return this.#loaded;
  }

  /** For a resource that is only in the state. */
  load(): Promise<Loaded> {
    this.#loaded ??= this.#load(this.start());
    return this.#loaded;
  }

  async #register(provider: Provider): Promise<Loaded> {
    await provider.handshake();
    const { snapshot, config } = this;
    const old = snapshot.find(this.#identity.urn);
    const id = old?.id ?? (snapshot.isPreview ? UNKNOWN : randomUUID());
    const now = new Date().toISOString();
    const modified = old && isDeepStrictEqual(old.inputs, config) ? old.modified : now;
    const times = { created: old?.created ?? now, modified };
    const state = { ...this.#identity, id, inputs: config, outputs: config, ...times };
    await provider.checkConfig(state, old);
    await provider.configure(state);
    snapshot.remove(old);
    snapshot.add(state);
    snapshot.save();
    return { provider, reference: `${state.urn}::${id}` };
  }

  async #load(provider: Provider): Promise<Loaded> {
    const old = this.snapshot.find(this.#identity.urn);
    if (!old) throw new Error(`the state has no provider ${this.#identity.urn} for its resources`);
    await provider.handshake();
    await provider.configure(old);
    return { provider, reference: `${old.urn}::${old.id}` };
  }

  /** Tells the provider to hurry, without ending it. */
  async cancel(): Promise<void> {
    if (this.#loaded) await this.#provider?.cancel().catch(() => undefined);
  }

  /** Ends the provider process; the next use starts another one. */
  async close(): Promise<void> {
    await this.#loaded?.catch(() => undefined);
    const running = this.#provider;
    this.#loaded = undefined;
    this.#provider = undefined;
    await running?.close();
  }
}
