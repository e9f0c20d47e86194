import { type EmulatedUser, type Emulator, type SeededRandom, seedFindings } from "../emulator";
import type { Ledger } from "./ledger";

export interface OutsideWorldOptions {
  readonly emulator: Emulator;
  readonly random: SeededRandom;
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly searchLagMs: number;
  /** Every finding; those that appear join them. */
  readonly ids: string[];
  /** Those that programs may declare. */
  readonly declarable: string[];
  /** The most findings that vanish at once. */
  readonly mostVanish: number;
}

/** What becomes of findings without us: colleagues give them to others, they vanish, come back and appear. */
export class OutsideWorld {
  readonly gone = new Set<string>();
  /** When something last changed, ms since the epoch. */
  changedAt = Number.NEGATIVE_INFINITY;
  #cameOrWentAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: OutsideWorldOptions) {}

  /** Whether the search knows which findings there are. */
  get isIndexed(): boolean {
    return this.options.now() >= this.#cameOrWentAt + this.options.searchLagMs;
  }

  /** Whether more are gone than a message names, or a batch may spend requests on. */
  get areMany(): boolean {
    return this.gone.size > 10;
  }

  /** What colleagues do in Datadog's own pages. */
  reassignSome(): void {
    const { emulator, random, ledger, now, ids } = this.options;
    this.changedAt = now();
    for (let index = 0; index <= random.integer(3); index++) {
      const id = random.pick(ids);
      if (this.gone.has(id)) continue;
      const user = random.next() < 0.2 ? null : random.pick(activeUsers(emulator)).id;
      emulator.reassignByHand(id, user);
      ledger.changedByHand(id, user, now());
    }
  }

  vanish(): void {
    const { emulator, random, ledger, ids, mostVanish } = this.options;
    this.#noteComings();
    const count = 1 + random.integer(mostVanish);
    for (let index = 0; index < count; index++) {
      const id = random.pick(ids);
      emulator.removeFinding(id);
      this.gone.add(id);
      ledger.wentOrCame(id);
    }
  }

  comeBack(): void {
    const { emulator, ledger } = this.options;
    this.#noteComings();
    for (const id of this.gone) {
      emulator.restoreFinding(id);
      ledger.wentOrCame(id);
    }
    this.gone.clear();
  }

  appear(): void {
    const { emulator, random, ledger, ids, declarable } = this.options;
    const [finding] = seedFindings({ count: 1, seed: 1_000_000 + random.integer(1_000_000) });
    if (!finding || ids.includes(finding.id)) return;
    this.#noteComings();
    emulator.addFindings([finding]);
    ids.push(finding.id);
    declarable.push(finding.id);
    ledger.appeared(finding.id);
  }

  #noteComings(): void {
    this.changedAt = this.options.now();
    this.#cameOrWentAt = this.changedAt;
  }
}

export function activeUsers({ users }: Pick<Emulator, "users">): EmulatedUser[] {
  return users.filter((user) => !user.disabled);
}
