/** What the state of one resource says of a finding that it holds. */
interface Holding {
  readonly resourceId: string;
  /**
   * When Datadog accepted the assignment, ms since the epoch; undefined: before `recordedSince`, or not
   * known.
   */
  readonly acceptedAt: number | undefined;
  /** Acceptances from this time on are in the state, ms since the epoch; undefined: it has none. */
  readonly recordedSince: number | undefined;
}

interface Release {
  readonly resourceId: string;
  readonly releasedAt: number;
}

/**
 * What the states that this process has seen say of findings that several resources declare. A deployment of
 * some resources only (`--target`) may have released a finding that another resource still counts as
 * assigned: the states of both tell, whichever comes first.
 */
export class SeenStates {
  readonly #holdings = new Map<string, Holding[]>();
  readonly #releases = new Map<string, Release>();
  readonly #missing = new Set<string>();

  hold(
    resourceId: string,
    findingIds: readonly string[],
    acceptedAt: (findingId: string) => number | undefined,
    recordedSince: number | undefined,
  ): void {
    for (const id of findingIds) {
      const others = (this.#holdings.get(id) ?? []).filter((each) => each.resourceId !== resourceId);
      this.#holdings.set(id, [...others, { resourceId, acceptedAt: acceptedAt(id), recordedSince }]);
    }
  }

  release(resourceId: string, findingIds: readonly string[], releasedAt: number): void {
    for (const id of findingIds) {
      const known = this.#releases.get(id);
      if (!known || known.releasedAt < releasedAt) this.#releases.set(id, { resourceId, releasedAt });
    }
  }

  /** Datadog has refused to assign these to the resource that declares them, because they do not exist. */
  miss(findingIds: readonly string[]): void {
    for (const id of findingIds) this.#missing.add(id);
  }

  isMissing(findingId: string): boolean {
    return this.#missing.has(findingId);
  }

  /**
   * Whether the state of another resource counts the finding as assigned, and nothing says that it was
   * released since.
   * @param after ms since the epoch; the assignment was accepted later than that. undefined: at any time
   */
  isHeldByAnother(findingId: string, resourceId: string, after?: number): boolean {
    return this.#othersOf(findingId, resourceId).some(
      (holding) =>
        !this.#isLost(findingId, holding) && (after === undefined || (holding.acceptedAt ?? 0) > after),
    );
  }

  /** Whether another resource has released a finding that the state of this one counts as assigned. */
  isReleasedByAnother(findingId: string, resourceId: string): boolean {
    if (this.#releases.get(findingId)?.resourceId === resourceId) return false;
    const own = this.#holdings.get(findingId)?.find((holding) => holding.resourceId === resourceId);
    return own !== undefined && this.#isLost(findingId, own);
  }

  /** Whether this resource has released a finding that the state of another one counts as assigned. */
  hasReleasedFromAnother(findingId: string, resourceId: string): boolean {
    if (this.#releases.get(findingId)?.resourceId !== resourceId) return false;
    return this.#othersOf(findingId, resourceId).some((holding) => this.#isLost(findingId, holding));
  }

  #othersOf(findingId: string, resourceId: string): Holding[] {
    return (this.#holdings.get(findingId) ?? []).filter((holding) => holding.resourceId !== resourceId);
  }

  #isLost(findingId: string, { acceptedAt, recordedSince }: Holding): boolean {
    const release = this.#releases.get(findingId);
    if (!release) return false;
    const heldSince = acceptedAt ?? recordedSince;
    return heldSince === undefined || release.releasedAt > heldSince;
  }
}
