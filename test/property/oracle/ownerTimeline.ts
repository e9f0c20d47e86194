import type { Emulator } from "../../emulator";

/**
 * Who changed an owner: one of our stacks in its nth deployment, a person, a ticket whose other finding somebody
 * changed, or a world that began anew.
 */
export type Actor =
  | { readonly kind: "stack"; readonly stack: string; readonly deployment: number }
  | { readonly kind: "person" }
  | { readonly kind: "ticket" }
  | { readonly kind: "restart" };

/** A change of the true owner of one finding. */
export interface OwnerEvent {
  readonly findingId: string;
  readonly at: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly by: Actor;
  /** From when on the search shows it; Infinity: never. */
  readonly shownFrom: number;
}

/** The true owners of all findings over time, as the emulator has them, and who changed them. */
export class OwnerTimeline {
  readonly #events = new Map<string, OwnerEvent[]>();
  /** When a finding went or came back. */
  readonly #comings = new Map<string, number[]>();
  /** So many changes of this emulator have been taken over. */
  #taken = 0;

  /** @param shownAfter ms after which the search shows a change of this finding; Infinity: never */
  constructor(
    private emulator: Emulator,
    private readonly shownAfter: (findingId: string) => number,
  ) {}

  /**
   * Takes over what has happened since the last call.
   * @param us who has sent the requests in that time; undefined: nobody did
   */
  takeOver(us: Actor | undefined): OwnerEvent[] {
    const changes = this.emulator.ownerChanges.slice(this.#taken);
    this.#taken = this.emulator.ownerChanges.length;
    return changes.map(({ findingId, at, from, to, by }) => {
      const actor: Actor | undefined = by === "api" ? us : { kind: by === "hand" ? "person" : "ticket" };
      if (!actor) throw new Error(`the owner of ${findingId} changed, and no deployment was under way`);
      return this.#note({ findingId, at, from, to, by: actor, shownFrom: at + this.shownAfter(findingId) });
    });
  }

  /** The same findings in a fresh world, with the owners that they have there. */
  restart(emulator: Emulator, at: number): void {
    const before = this.emulator.owners();
    this.emulator = emulator;
    this.#taken = 0;
    for (const [findingId, to] of emulator.owners()) {
      const from = before.get(findingId) ?? null;
      const shownFrom =
        this.shownAfter(findingId) === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : at;
      this.#note({ findingId, at, from, to, by: { kind: "restart" }, shownFrom });
    }
  }

  /** Whether no search ever shows the finding. */
  isHidden(findingId: string): boolean {
    return this.shownAfter(findingId) === Number.POSITIVE_INFINITY;
  }

  wentOrCame(findingId: string, at: number): void {
    const comings = this.#comings.get(findingId) ?? [];
    this.#comings.set(findingId, [...comings, at]);
  }

  /** When the finding last went or came back; undefined: never. */
  lastComing(findingId: string): number | undefined {
    return this.#comings.get(findingId)?.at(-1);
  }

  of(findingId: string): readonly OwnerEvent[] {
    return this.#events.get(findingId) ?? [];
  }

  last(findingId: string): OwnerEvent | undefined {
    return this.#events.get(findingId)?.at(-1);
  }

  /** What happened to the finding right before; undefined: it still had its first owner. */
  before(event: OwnerEvent): OwnerEvent | undefined {
    const events = this.of(event.findingId);
    return events[events.indexOf(event) - 1];
  }

  /** Findings that have an owner, or had a change. */
  get changedFindings(): Iterable<string> {
    return this.#events.keys();
  }

  #note(event: OwnerEvent): OwnerEvent {
    const events = this.#events.get(event.findingId);
    if (events) events.push(event);
    else this.#events.set(event.findingId, [event]);
    return event;
  }
}

export function describeEvent({ at, from, to, by, shownFrom }: OwnerEvent): string {
  const who = by.kind === "stack" ? `${by.stack} #${by.deployment}` : by.kind;
  const shown = shownFrom === Number.POSITIVE_INFINITY ? "never" : clockTime(shownFrom);
  return `${clockTime(at)} ${who}: ${short(from)} -> ${short(to)} (search shows it: ${shown})`;
}

export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

export function short(user: string | null): string {
  return user === null ? "nobody" : user.slice(0, 4);
}
