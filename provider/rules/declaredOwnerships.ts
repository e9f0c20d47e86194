import type { OwnershipContext, OwnershipSpec } from "./rule";

/** A FindingsOwnership of the running program. */
export interface DeclaredOwnership {
  readonly resourceName: string | undefined;
  readonly spec: OwnershipSpec;
  /** UUIDs of each rule's owners, in the order of the rules; undefined as long as nobody has asked. */
  readonly ownerIds: OwnershipContext["ownerIds"] | undefined;
}

type Declaration = Pick<DeclaredOwnership, "resourceName" | "spec">;

/**
 * Which rules the running program declares. As with claims, the engine checks every declared resource of an
 * `up` but deletes last: a delete leaves alone what these rules give to the same owner, so that rules can be
 * renamed and moved.
 */
export class DeclaredOwnerships {
  readonly #declared = new Map<string, DeclaredOwnership>();
  readonly #changes = new Map<string, Set<string>>();

  declare({ resourceName, spec }: Declaration, ownerIds?: OwnershipContext["ownerIds"]): void {
    const key = keyOf({ resourceName, spec });
    this.#declared.set(key, {
      resourceName,
      spec,
      ownerIds: ownerIds ?? this.#declared.get(key)?.ownerIds,
    });
  }

  /**
   * Counts findings as changed by the rules of a declaration in this deployment, each once: by its own plan,
   * or because another resource releases them.
   * @returns how many there are by now
   */
  countChanges(declaration: Declaration, findingIds: Iterable<string>): number {
    const key = keyOf(declaration);
    const changes = this.#changes.get(key) ?? new Set<string>();
    this.#changes.set(key, changes);
    for (const id of findingIds) changes.add(id);
    return changes.size;
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

/** Whether both are the same declaration, parsed twice perhaps. */
export function isSameDeclaration(one: Declaration, other: Declaration): boolean {
  return keyOf(one) === keyOf(other);
}

/** Resources in different parents may have one name. */
function keyOf({ resourceName, spec }: Declaration): string {
  return JSON.stringify([resourceName, spec]);
}
