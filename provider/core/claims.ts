/** Two declarations of one finding that cannot both come true. */
export interface ClaimConflict {
  readonly findingId: string;
  readonly assignee: string;
  readonly claimedFor: string;
  /** Name of the resource that claimed it first, where known. */
  readonly claimedBy: string | undefined;
}

/** What a resource declares of a finding. */
export interface Claim {
  /** As declared; undefined while unknown. */
  readonly assignee: string | undefined;
  readonly resourceName: string | undefined;
}

/**
 * Which findings the running program declares, and for whom. The engine checks every declared resource of an `up`
 * but deletes last, so whatever releases a finding asks here first: a claimed one belongs to another resource by now.
 */
export class Claims {
  readonly #claims = new Map<string, Claim>();

  /** Registers a declaration and returns where it contradicts an earlier one. `assignee` is undefined while unknown. */
  declare(
    findingIds: Iterable<string>,
    assignee: string | undefined,
    resourceName: string | undefined,
  ): ClaimConflict[] {
    const conflicts: ClaimConflict[] = [];
    for (const findingId of findingIds) {
      const earlier = this.#claims.get(findingId);
      if (earlier?.assignee === undefined) {
        this.#claims.set(findingId, { assignee, resourceName });
      } else if (assignee !== undefined && contradict(earlier.assignee, assignee)) {
        conflicts.push({
          findingId,
          assignee,
          claimedFor: earlier.assignee,
          claimedBy: earlier.resourceName,
        });
      }
    }
    return conflicts;
  }

  has(findingId: string): boolean {
    return this.#claims.has(findingId);
  }

  of(findingId: string): Claim | undefined {
    return this.#claims.get(findingId);
  }
}

/** A UUID and an e-mail may name the same user, so only names of one kind can be told apart without asking Datadog. */
function contradict(one: string, other: string): boolean {
  return kindOf(one) === kindOf(other) && one.toLowerCase() !== other.toLowerCase();
}

function kindOf(assignee: string): "uuid" | "email" | "handle" {
  if (isUuid(assignee)) return "uuid";
  return assignee.includes("@") ? "email" : "handle";
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
