/** Two declarations of one finding that cannot both come true. */
export interface ClaimConflict {
  readonly findingId: string;
  /** As declared here. */
  readonly assignee: string;
  /** As declared by the other resource. */
  readonly claimedFor: string;
  /** Name of the resource that declares it here, where known. */
  readonly declaredBy: string | undefined;
  /** Name of the resource that claimed it first, where known. */
  readonly claimedBy: string | undefined;
}

/** What a resource declares of a finding. */
export interface Claim {
  /** As declared. */
  readonly assignee: string;
  readonly resourceName: string | undefined;
}

interface ResolvedClaim extends Claim {
  /** The user's UUID. */
  readonly assigneeId: string;
}

type Kind = "uuid" | "email" | "handle";

/**
 * Which findings the running program declares, and for whom. The engine checks every declared resource of an
 * `up` but deletes last, so whatever releases a finding asks here first: a claimed one belongs to another
 * resource by now.
 */
export class Claims {
  /**
   * The first claim of each kind of name: a UUID and an e-mail may name the same user, so only names of one
   * kind contradict.
   */
  readonly #declared = new Map<string, Partial<Record<Kind, Claim>>>();
  /** By who is meant, as far as that is known: which names are one user's is seen here. */
  readonly #resolved = new Map<string, ResolvedClaim>();
  readonly #begun = new Set<string>();

  /**
   * Registers a declaration and returns where it contradicts an earlier one. `assignee` is undefined while
   * unknown.
   */
  declare(
    findingIds: Iterable<string>,
    assignee: string | undefined,
    resourceName: string | undefined,
  ): ClaimConflict[] {
    const conflicts: ClaimConflict[] = [];
    for (const findingId of findingIds) {
      const claims = this.#declared.get(findingId) ?? {};
      this.#declared.set(findingId, claims);
      if (assignee === undefined) continue;
      const kind = kindOf(assignee);
      const earlier = claims[kind];
      if (!earlier) claims[kind] = { assignee, resourceName };
      else if (!isSameName(earlier.assignee, assignee)) {
        conflicts.push(conflictWith(earlier, findingId, { assignee, resourceName }));
      }
    }
    return conflicts;
  }

  /**
   * Registers whose the findings of a declaration are, and returns where another resource has them for
   * another user. Resources of one name may stand in two components, so their names say nothing: one resource
   * declares one assignee, so who declares another one is another resource.
   * @param assigneeId the UUID of whom `claim.assignee` names
   */
  resolve(findingIds: Iterable<string>, assigneeId: string, claim: Claim): ClaimConflict[] {
    const conflicts: ClaimConflict[] = [];
    for (const findingId of findingIds) {
      const earlier = this.#resolved.get(findingId);
      if (!earlier || isSameName(earlier.assignee, claim.assignee)) {
        this.#resolved.set(findingId, { ...claim, assigneeId });
      } else if (earlier.assigneeId !== assigneeId) {
        conflicts.push(conflictWith(earlier, findingId, claim));
      }
    }
    return conflicts;
  }

  /**
   * A resource has come to assigning these. One of the same name that is deleted after that is another one,
   * in another component.
   */
  begin(findingIds: Iterable<string>): void {
    for (const id of findingIds) this.#begun.add(id);
  }

  /**
   * Takes back the claims of a resource that is deleted although the program declares it: it is made anew
   * after that, and claims them again.
   * @returns which findings no other resource claims
   */
  withdraw(findingIds: Iterable<string>, resourceName: string): string[] {
    const withdrawn: string[] = [];
    for (const findingId of findingIds) {
      const claims = Object.values(this.#declared.get(findingId) ?? {});
      if (claims.length === 0 || this.#begun.has(findingId)) continue;
      if (claims.some((claim) => claim.resourceName !== resourceName)) continue;
      this.#declared.delete(findingId);
      this.#resolved.delete(findingId);
      withdrawn.push(findingId);
    }
    return withdrawn;
  }

  /** All findings that the program declares, as far as it has been checked. */
  get findingIds(): Iterable<string> {
    return this.#declared.keys();
  }

  has(findingId: string): boolean {
    return this.#declared.has(findingId);
  }

  /** The UUID of the user for whom the program declares a finding, where that is known. */
  ownerOf(findingId: string): string | undefined {
    return this.#resolved.get(findingId)?.assigneeId;
  }

  /** A claim on the finding, if there is one whose assignee is known. */
  of(findingId: string): Claim | undefined {
    const { uuid, email, handle } = this.#declared.get(findingId) ?? {};
    return uuid ?? email ?? handle;
  }
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function conflictWith(earlier: Claim, findingId: string, { assignee, resourceName }: Claim): ClaimConflict {
  return {
    findingId,
    assignee,
    claimedFor: earlier.assignee,
    declaredBy: resourceName,
    claimedBy: earlier.resourceName,
  };
}

function kindOf(assignee: string): Kind {
  if (isUuid(assignee)) return "uuid";
  return assignee.includes("@") ? "email" : "handle";
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}
