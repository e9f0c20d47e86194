import type { OwnershipSpec } from "./rule";

/** A FindingsOwnership of the running program. */
export interface DeclaredOwnership {
  readonly resourceName: string | undefined;
  readonly spec: OwnershipSpec;
  /** UUID of each rule's owner, in the order of the rules; undefined as long as nobody has asked. */
  readonly ownerIds: readonly string[] | undefined;
}

type Declaration = Pick<DeclaredOwnership, "resourceName" | "spec">;

/**
 * Which rules the running program declares. As with claims, the engine checks every declared resource of an `up` but deletes
 * last: a delete leaves alone what these rules give to the same owner, so that rules can be renamed and moved.
 */
export class DeclaredOwnerships {
  readonly #declared = new Map<string, DeclaredOwnership>();

  declare({ resourceName, spec }: Declaration, ownerIds?: readonly string[]): void {
    const key = keyOf({ resourceName, spec });
    this.#declared.set(key, {
      resourceName,
      spec,
      ownerIds: ownerIds ?? this.#declared.get(key)?.ownerIds,
    });
  }

  /** How many there are by now: resources are checked while others are under way. */
  get size(): number {
    return this.#declared.size;
  }

  /** All, or all but one. */
  others(self?: Declaration): DeclaredOwnership[] {
    const own = self && keyOf(self);
    return [...this.#declared].filter(([key]) => key !== own).map(([, declared]) => declared);
  }
}

/** Resources in different parents may have one name. */
function keyOf({ resourceName, spec }: Declaration): string {
  return JSON.stringify([resourceName, spec]);
}
