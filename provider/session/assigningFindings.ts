/** The assignments that resources of this process have begun and not finished. */
export class AssigningFindings {
  readonly #running = new Map<string, Promise<void>>();

  /** Notes that a resource assigns findings, until `work` ends. */
  async during<Result>(findingIds: readonly string[], work: () => Promise<Result>): Promise<Result> {
    let finish: () => void = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    for (const id of findingIds) this.#running.set(id, finished);
    try {
      return await work();
    } finally {
      for (const id of findingIds) if (this.#running.get(id) === finished) this.#running.delete(id);
      finish();
    }
  }

  /** Whether all of these are being assigned. */
  includes(findingIds: readonly string[]): boolean {
    return findingIds.every((id) => this.#running.has(id));
  }

  /** Resolves when the assignments of these findings that are under way now have ended. Never rejects. */
  async finished(findingIds: readonly string[]): Promise<void> {
    await Promise.all(new Set(findingIds.flatMap((id) => this.#running.get(id) ?? [])));
  }
}
