import {
  type Checkpoint,
  closeCheckpoint,
  openCheckpoint,
  type PendingOperation,
  type ResourceState,
  writeCheckpoint,
} from "./checkpoint";
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

  begin(type: OperationType, resource: ResourceState): PendingOperation {
    const operation = { resource, type };
    this.#pending.add(operation);
    this.save();
    return operation;
  }

  /** The operation came to an end, well or not: it is known what it did. */
  end(operation: PendingOperation): void {
    this.#pending.delete(operation);
  }

  /** Puts `news` in the place of `old`; either may be missing. */
  replace(old: ResourceState | undefined, news: ResourceState | undefined): void {
    if (old) this.#done.add(old);
    if (news) this.#news.push(news);
  }

  /** A refresh changes resources where they stand. */
  rebase(change: (resource: ResourceState) => ResourceState | undefined): void {
    this.#base = this.#base.flatMap((resource) => change(resource) ?? []);
  }

  checkpoint(): Checkpoint {
    const state = { resources: this.resources, pendingOperations: [...this.#pending] };
    return closeCheckpoint(state, this.cipher, this.cipher.provider);
  }

  save(): void {
    if (this.file) writeCheckpoint(this.file, this.checkpoint());
  }
}
