import {
  closeResource,
  openResource,
  type PendingOperation,
  type ResourceState,
  readCheckpoint,
  writeCheckpoint,
} from "./checkpoint";
import { ProviderError } from "./providerError";
import type { Secrets } from "./secrets";

/**
 * The state while a deployment changes it: what this run produced, in the order in which it was done,
 * followed by what it has not touched yet. Saved before and after every operation, so that a kill at any time
 * leaves a state that says what exists and which operations nobody knows the end of.
 */
export class StackSnapshot {
  /** What was there before this run, without what it has dealt with since. */
  olds: readonly ResourceState[];
  /** What this run has made, or found as it should be, in the order in which it did. */
  news: readonly ResourceState[] = [];
  readonly #pending = new Set<PendingOperation>();
  /** What has not changed is encrypted once, not with each of a hundred neighbours. */
  readonly #closed = new WeakMap<ResourceState, ResourceState>();
  /** Operations that an earlier run has not come to the end of. */
  readonly interrupted: readonly PendingOperation[];

  /** @param isPreview nothing is saved */
  constructor(
    readonly file: string,
    readonly secrets: Secrets,
    readonly isPreview: boolean,
  ) {
    const { resources = [], pending_operations = [] } = readCheckpoint(file).deployment;
    this.olds = resources.map((resource) => openResource(resource, secrets));
    this.interrupted = pending_operations;
  }

  find(urn: string): ResourceState | undefined {
    return this.olds.find((resource) => resource.urn === urn && !resource.delete);
  }

  /** Changes resources where they stand; one for which there is nothing is taken out. */
  change(how: (resource: ResourceState) => ResourceState | undefined): void {
    this.olds = this.olds.flatMap((resource) => how(resource) ?? []);
    this.news = this.news.flatMap((resource) => how(resource) ?? []);
  }

  /** This run has dealt with `old` by way of `news`; either may be missing. */
  replace(old: ResourceState | undefined, news?: ResourceState): void {
    this.olds = this.olds.filter((resource) => resource !== old);
    if (news) this.news = [...this.news, news];
  }

  /**
   * Begins the work when the state on disk says that it is under way, and not before. When a provider goes
   * away nobody knows what it did, and the operation stays pending. The caller saves what came of it.
   */
  async operate<T>(type: string, resource: ResourceState, work: () => Promise<T>): Promise<T> {
    const operation = { resource, type };
    this.#pending.add(operation);
    this.save();
    let lost = false;
    try {
      return await work();
    } catch (error) {
      lost = error instanceof ProviderError && error.lost;
      throw error;
    } finally {
      if (!lost) this.#pending.delete(operation);
    }
  }

  save(): void {
    if (this.isPreview) return;
    const close = (resource: ResourceState) => {
      const closed = this.#closed.get(resource) ?? closeResource(resource, this.secrets);
      this.#closed.set(resource, closed);
      return closed;
    };
    const resources = [...this.news, ...this.olds].map(close);
    const pending = [...this.#pending].map(({ resource, type }) => ({ resource: close(resource), type }));
    const deployment = {
      manifest: { time: new Date().toISOString(), magic: "", version: "embedded" },
      ...(resources.length > 0 && { resources }),
      ...(pending.length > 0 && { pending_operations: pending }),
      metadata: {},
    };
    writeCheckpoint(this.file, { version: 3, deployment });
  }
}
