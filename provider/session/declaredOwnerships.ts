import type { OwnershipContext, OwnershipSpec } from "../rules/rule";

/** A FindingsOwnership of the running program. */
export interface DeclaredOwnership {
  readonly resourceName: string | undefined;
  readonly spec: OwnershipSpec;
  /** UUIDs of each rule's owners, in the order of the rules; undefined as long as nobody has asked. */
  readonly ownerIds: OwnershipContext["ownerIds"] | undefined;
}

/** How messages name a FindingsOwnership; one whose name is not known has that of its type. */
export function labelOf({ resourceName }: Pick<DeclaredOwnership, "resourceName">): string {
  return resourceName ?? "FindingsOwnership";
}

type Declaration = Pick<DeclaredOwnership, "resourceName" | "spec">;

/** A finding that rules change; without a user it is released, or nobody knows yet who gets it. */
export type CountedChange = readonly [findingId: string, userId: string | undefined];

/** How many findings the rules of a declaration change in this deployment. */
export interface ChangeCounts {
  readonly total: number;
  /** How many each user gets, by UUID. */
  readonly byOwner: ReadonlyMap<string, number>;
}

/** A plan or a deployment of rules. */
interface DeploymentStep {
  hasFailed: boolean;
  readonly ended: Promise<void>;
}

/**
 * Which rules the running program declares. As with claims, the engine checks every declared resource of an
 * `up` but deletes last: a delete leaves alone what these rules give to the same owner, so that rules can be
 * renamed and moved.
 */
export class DeclaredOwnerships {
  readonly #declared = new Map<string, DeclaredOwnership>();
  readonly #stored = new Map<string, OwnershipContext["ownerIds"]>();
  readonly #admitted = new Map<string, Map<string, Set<string>>>();
  readonly #changes = new Map<string, Map<string, string | undefined>>();
  readonly #steps = new Map<string, DeploymentStep>();

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
  countChanges(declaration: Declaration, counted: Iterable<CountedChange>): ChangeCounts {
    const key = keyOf(declaration);
    const changes = new Map([...(this.#changes.get(key) ?? []), ...counted]);
    this.#changes.set(key, changes);
    const byOwner = new Map<string, number>();
    for (const userId of changes.values()) {
      if (userId !== undefined) byOwner.set(userId, (byOwner.get(userId) ?? 0) + 1);
    }
    return { total: changes.size, byOwner };
  }

  /** Whether a finding is counted as changed by the rules of a declaration. */
  hasCounted(declaration: Declaration, findingId: string): boolean {
    return this.#changes.get(keyOf(declaration))?.has(findingId) === true;
  }

  /**
   * The owners of each rule as the state has them when the deployment ends; before that is known, none are
   * noted. What is given to others by another resource would be forgotten.
   */
  noteStored(declaration: Declaration, ownerIds: OwnershipContext["ownerIds"]): void {
    this.#stored.set(keyOf(declaration), ownerIds);
  }

  /** Notes that the rules are being planned or deployed, until `work` ends. */
  during<Result>(declaration: Declaration, work: () => Promise<Result>): Promise<Result> {
    const running = work();
    const step = {
      hasFailed: false,
      ended: running.then(
        () => {},
        () => {
          step.hasFailed = true;
        },
      ),
    };
    this.#steps.set(keyOf(declaration), step);
    return running;
  }

  /** Resolves when what is under way for these rules has ended. Never rejects. */
  async ended(declaration: Declaration): Promise<void> {
    await this.#steps.get(keyOf(declaration))?.ended;
  }

  /** Whether the rules could not be planned or deployed, and have no state that is known. */
  hasFailed(declaration: Declaration): boolean {
    const key = keyOf(declaration);
    return !this.#stored.has(key) && this.#steps.get(key)?.hasFailed === true;
  }

  /** undefined: not known yet. */
  storedOwners(declaration: Declaration): OwnershipContext["ownerIds"] | undefined {
    return this.#stored.get(keyOf(declaration));
  }

  /**
   * Whether a rule may get a finding for a user from another resource: only if its state knows the user when
   * the deployment ends. As long as that is open, the user is noted for the state.
   * @param isOver whether all rules have been deployed: those without a state by now have failed
   */
  admit(declaration: Declaration, ruleName: string, userId: string, isOver = false): boolean {
    const key = keyOf(declaration);
    const stored = this.#stored.get(key);
    if (stored) {
      const index = declaration.spec.rules.findIndex(({ name }) => name === ruleName);
      return stored[index]?.includes(userId) ?? true;
    }
    if (isOver) return false;
    const rules = this.#admitted.get(key) ?? new Map<string, Set<string>>();
    this.#admitted.set(key, rules);
    rules.set(ruleName, (rules.get(ruleName) ?? new Set()).add(userId));
    return true;
  }

  /** Users who may have got findings of a rule from another resource before its state was known. */
  admitted(declaration: Declaration, ruleName: string): readonly string[] {
    return [...(this.#admitted.get(keyOf(declaration))?.get(ruleName) ?? [])];
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
