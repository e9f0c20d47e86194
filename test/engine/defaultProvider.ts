import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ResourceState } from "./checkpoint";
import { type PropertyMap, UNKNOWN } from "./properties";
import type { Provider } from "./provider";
import { packageOf } from "./resourceGoal";
import type { StackSnapshot } from "./stackSnapshot";

export const isProvider = ({ type }: ResourceState): boolean => type.startsWith("pulumi:providers:");

/** What a package's default provider is made from. */
export interface ProviderSource {
  readonly packageName: string;
  /** Its inputs: what the stack's configuration says of the package. */
  readonly config: PropertyMap;
  spawn(): Provider;
}

/** The default provider of each package. */
export class DefaultProviders {
  readonly #providers = new Map<string, DefaultProvider>();

  constructor(
    readonly scope: string,
    readonly snapshot: StackSnapshot,
    readonly sourceOf: (packageName: string) => ProviderSource,
  ) {}

  for({ type }: Pick<ResourceState, "type">): DefaultProvider {
    const packageName = packageOf(type);
    const provider =
      this.#providers.get(packageName) ??
      new DefaultProvider(this.scope, this.snapshot, this.sourceOf(packageName));
    this.#providers.set(packageName, provider);
    return provider;
  }

  /** Tells all to hurry, without ending them. */
  async cancel(): Promise<void> {
    await Promise.all([...this.#providers.values()].map((provider) => provider.cancel()));
  }

  /** Ends all; the next use starts others. */
  async close(): Promise<void> {
    await Promise.all([...this.#providers.values()].map((provider) => provider.close()));
  }
}

/**
 * The default provider of a package. A program's first resource registers it anew, with the stack's config
 * as its inputs; a refresh, a destroy, or an `up` that only deletes, loads it from the state as it was.
 */
export class DefaultProvider {
  #process: Provider | undefined;
  #ready: Promise<Provider> | undefined;
  readonly #urn: string;

  readonly #type: string;

  constructor(
    scope: string,
    readonly snapshot: StackSnapshot,
    readonly source: ProviderSource,
  ) {
    this.#type = `pulumi:providers:${source.packageName}`;
    this.#urn = `${scope}::${this.#type}::default`;
  }

  /** Starts the process, which takes its time to load, before somebody needs it. */
  start(): Provider {
    this.#process ??= this.source.spawn();
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
    const provider = this.start();
    await provider.handshake();
    const declared = old && !isDeclared ? old : this.#declare(old);
    const state = isDeclared ? await provider.checkConfig(declared, old) : declared;
    await provider.configure(state);
    if (isDeclared) {
      this.snapshot.replace(old, state);
      this.snapshot.save();
    }
    return provider;
  }

  #declare(old: ResourceState | undefined): ResourceState {
    const { config } = this.source;
    const now = new Date().toISOString();
    return {
      urn: this.#urn,
      type: this.#type,
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
