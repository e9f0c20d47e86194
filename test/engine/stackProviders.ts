import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { nameOf, type ResourceState } from "./checkpoint";
import { type PropertyMap, UNKNOWN } from "./properties";
import type { Provider } from "./provider";
import { packageOf } from "./resourceGoal";
import type { StackSnapshot } from "./stackSnapshot";

export const isProvider = ({ type }: ResourceState): boolean => type.startsWith("pulumi:providers:");

export const isDefaultProvider = (resource: ResourceState): boolean =>
  isProvider(resource) && nameOf(resource.urn) === "default";

/** What a provider of a package is made from. */
export interface ProviderSource {
  readonly packageName: string;
  /** Inputs of the default one: what the stack's configuration says of the package. */
  readonly config: PropertyMap;
  spawn(): Provider;
}

/** The providers of a stack: the default one of each package, and those that the program declares. */
export class StackProviders {
  readonly #providers = new Map<string, StackProvider>();

  constructor(
    readonly scope: string,
    readonly snapshot: StackSnapshot,
    readonly sourceOf: (packageName: string) => ProviderSource,
  ) {}

  for({ type, provider }: Pick<ResourceState, "type" | "provider">): StackProvider {
    if (provider) return this.#at(provider.slice(0, provider.lastIndexOf("::")));
    return this.#at(`${this.scope}::pulumi:providers:${packageOf(type)}::default`);
  }

  /** One that the program declares. */
  declare(goal: ResourceState): StackProvider {
    const provider = this.#at(goal.urn);
    provider.goal = goal;
    return provider;
  }

  #at(urn: string): StackProvider {
    const packageName = /:providers:([\w-]+)::/.exec(urn)?.[1] ?? "";
    const provider =
      this.#providers.get(urn) ?? new StackProvider(urn, this.snapshot, this.sourceOf(packageName));
    this.#providers.set(urn, provider);
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
 * A provider. Of a default one, a program's first resource registers it anew, with the stack's config as its
 * inputs; a refresh, a destroy, or an `up` that only deletes, loads it from the state as it was.
 */
export class StackProvider {
  /** As the program declares it; undefined: a default one, or one that is not declared any more. */
  goal: ResourceState | undefined;
  #process: Provider | undefined;
  #ready: Promise<Provider> | undefined;

  constructor(
    readonly urn: string,
    readonly snapshot: StackSnapshot,
    readonly source: ProviderSource,
  ) {}

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
    const old = this.snapshot.find(this.urn);
    if (!old && !isDeclared) throw new Error(`the state has no provider ${this.urn} for its resources`);
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
    const config = this.goal?.inputs ?? this.source.config;
    const now = new Date().toISOString();
    return {
      ...this.goal,
      urn: this.urn,
      type: `pulumi:providers:${this.source.packageName}`,
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
