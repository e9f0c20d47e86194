import { setImmediate } from "node:timers/promises";
import {
  type Checkpoint,
  checkpointText,
  closeResource,
  openCheckpoint,
  type PendingOperation,
  type ResourceState,
  writeFile,
} from "./checkpoint";
import { ProviderError } from "./providerError";
import type { SecretsCipher } from "./secretsCipher";

export type OperationType = "creating" | "updating" | "deleting";

/**
 * The state while a deployment changes it: what this run produced, in the order in which it was done, followed
 * by what it has not touched yet. Saved before and after every operation, so that a kill at any time leaves a
 * state that says what exists and which operations nobody knows the end of.
 */
export class StackSnapshot {
  #base: ResourceState[];
  readonly #news: ResourceState[] = [];
  readonly #done = new Set<ResourceState>();
  readonly #pending = new Set<PendingOperation>();
  readonly #texts = new WeakMap<ResourceState, string>();
  #writing: Promise<void> | undefined;
  readonly interrupted: readonly PendingOperation[];

  /** @param file where the state is saved; a preview has none, and saves nothing */
  constructor(
    checkpoint: Checkpoint | undefined,
    readonly cipher: SecretsCipher,
    readonly file: string | undefined,
  ) {
    const { resources, pendingOperations } = openCheckpoint(checkpoint, cipher);
    this.#base = [...resources];
    this.interrupted = pendingOperations;
  }

  /** What was there before this run, without what it has dealt with since. */
  get untouched(): readonly ResourceState[] {
    return this.#base.filter((resource) => !this.#done.has(resource));
  }

  get resources(): readonly ResourceState[] {
    return [...this.#news.filter((resource) => !this.#done.has(resource)), ...this.untouched];
  }

  find(urn: string): ResourceState | undefined {
    return this.untouched.find((resource) => resource.urn === urn && resource.delete !== true);
  }

  /**
   * Begins the work when the state on disk says that it is under way, and not before. When a provider goes away
   * nobody knows what it did, and the operation stays pending. The caller saves what came of it.
   */
  async operate<T>(type: OperationType, resource: ResourceState, work: () => Promise<T>): Promise<T> {
    const operation = { resource, type };
    this.#pending.add(operation);
    await this.save();
    try {
      const result = await work();
      this.#pending.delete(operation);
      return result;
    } catch (error) {
      if (!(error instanceof ProviderError && error.lost)) this.#pending.delete(operation);
      throw error;
    }
  }

  /** Puts `news` in the place of `old`; either may be missing. */
  replace(old: ResourceState | undefined, news: ResourceState | undefined): void {
    if (old) this.#done.add(old);
    if (!news) return;
    this.changed(news);
    this.#news.push(news);
  }

  /** A refresh changes resources where they stand. */
  rebase(change: (resource: ResourceState) => ResourceState | undefined): void {
    this.#base = this.#base.flatMap((resource) => change(resource) ?? []);
  }

  /** To be told when a resource that is already in the state was changed where it stands. */
  changed(resource: ResourceState): void {
    this.#texts.delete(resource);
  }

  /** The text of a resource is kept: a save costs what has changed, not the 100,000 findings beside it. */
  #textOf(resource: ResourceState): string {
    const text = this.#texts.get(resource) ?? JSON.stringify(closeResource(resource, this.cipher));
    this.#texts.set(resource, text);
    return text;
  }

  /** Resolves when the state is on disk as it is now; what is saved at the same time is written at once. */
  save(): Promise<void> {
    this.#writing ??= setImmediate().then(() => {
      this.#writing = undefined;
      this.#write();
    });
    return this.#writing;
  }

  #write(): void {
    if (!this.file) return;
    const resources = this.resources.map((resource) => this.#textOf(resource));
    const operations = [...this.#pending].map(
      ({ resource, type }) => `{"resource":${this.#textOf(resource)},"type":"${type}"}`,
    );
    writeFile(this.file, checkpointText(resources, operations, this.cipher.provider));
  }
}
