import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ResourceState } from "./checkpoint";
import { type PropertyMap, UNKNOWN } from "./properties";
import type { Provider } from "./provider";
import type { StackSnapshot } from "./stackSnapshot";

const PROVIDER_TYPE = "pulumi:providers:pulumi-nodejs";
export const isProvider = ({ type }: ResourceState): boolean => type.startsWith("pulumi:providers:");

/**
 * The one provider of dynamic resources. A program's first resource registers it anew, with the stack's config
 * as its inputs; a refresh, a destroy, or an `up` that only deletes, loads it from the state as it was.
 */
export class DefaultProvider {
  #process: Provider | undefined;
  #ready: Promise<Provider> | undefined;
  readonly #urn: string;

  constructor(
    scope: string,
    readonly config: PropertyMap,
    readonly snapshot: StackSnapshot,
    readonly spawn: () => Provider,
  ) {
    this.#urn = `${scope}::${PROVIDER_TYPE}::default`;
  }

  /** Starts the process, which takes its time to load, before somebody needs it. */
  start(): Provider {
    this.#process ??= this.spawn();
    return this.#process;
  }

  /** For a resource that the program declares. */
  register(): Promise<Provider> {
    this.#ready ??= this.#open(true);
    return this.#ready;
  }

  /** For a resource that is only in the state. */
  load(): Promise<Provider> {
    this.#ready ??= this.#open(false);
    return this.#ready;
  }

  async #open(isDeclared: boolean): Promise<Provider> {
    const old = this.snapshot.find(this.#urn);
    if (!old && !isDeclared) throw new Error(`the state has no provider ${this.#urn} for its resources`);
    const state = old && !isDeclared ? old : this.#declare(old);
    const provider = this.start();
    await provider.handshake();
    if (isDeclared) await provider.checkConfig(state, old);
    await provider.configure(state);
    if (isDeclared) {
      this.snapshot.replace(old, state);
      this.snapshot.save();
    }
    return provider;
  }

  #declare(old: ResourceState | undefined): ResourceState {
    const { config } = this;
    const now = new Date().toISOString();
    return {
      urn: this.#urn,
      type: PROVIDER_TYPE,
      custom: true,
      id: old?.id ?? (this.snapshot.isPreview ? UNKNOWN : randomUUID()),
      inputs: config,
      outputs: config,
      created: old?.created ?? now,
      modified: old && isDeepStrictEqual(old.inputs, config) ? old.modified : now,
    };
  }

  /** Tells the provider to hurry, without ending it. */
  async cancel(): Promise<void> {
    if (this.#ready) await this.#process?.cancel().catch(() => undefined);
  }

  /** Ends the provider process; the next use starts another one. */
  async close(): Promise<void> {
    await this.#ready?.catch(() => undefined);
    const running = this.#process;
    this.#ready = undefined;
    this.#process = undefined;
    await running?.close();
  }
}
