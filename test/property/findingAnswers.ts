import type { Emulator, RequestEvent } from "../emulator";

/**
 * What Datadog's answers have said of single findings in one deployment: refused within an accepted batch, or
 * accepted.
 */
export class FindingAnswers {
  /** Whose last answer was a refusal, and nothing has changed them since. */
  readonly refused = new Set<string>();
  readonly #changesBefore = new Map<number, number>();

  constructor(private readonly emulator: Emulator) {}

  note({ phase, request }: RequestEvent): void {
    const { index, findingIds, assigneeId = null, outcome } = request;
    if (!findingIds) return;
    const { ownerChanges } = this.emulator;
    if (phase === "before") {
      this.#changesBefore.set(index, ownerChanges.length);
      return;
    }
    const since = ownerChanges.slice(this.#changesBefore.get(index));
    for (const id of findingIds) {
      const changed = since.some(
        ({ findingId, to, by }) => findingId === id && to === assigneeId && by === "api",
      );
      if (changed) this.refused.delete(id);
      else if (outcome === 202) this.refused.add(id);
    }
  }
}
