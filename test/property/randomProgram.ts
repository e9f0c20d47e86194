import type { SeededRandom } from "../emulator";
import type { Props } from "../stack/providerProcess";

export interface DeclaredUser {
  readonly id: string;
  readonly email: string;
}

export interface DeclaredSet {
  findingIds: Set<string>;
  user: DeclaredUser;
  /** Whether the program names the user by e-mail instead of by UUID. */
  readonly byEmail: boolean;
  onMissing: "fail" | "ignore";
}

const MOST_RESOURCES = 20;

/**
 * A program whose resources come and go, and whose sets grow, shrink, move and swap; never contradicting
 * itself.
 */
export class RandomProgram {
  readonly resources = new Map<string, DeclaredSet>();
  #names = 0;

  constructor(
    private readonly random: SeededRandom,
    /** The findings that may ever be declared. */
    private readonly findingIds: readonly string[],
    private readonly users: readonly DeclaredUser[],
    /** How much larger its sets are than a few findings. */
    private readonly scale = 1,
  ) {}

  /** Fills it for the first time. */
  begin(): this {
    const resources =
      this.random.next() < 0.2 ? 1 + this.random.integer(MOST_RESOURCES) : 1 + this.random.integer(4);
    for (let index = 0; index < resources; index++) this.#add();
    return this;
  }

  /** As it is now; goes on by itself. */
  copy(): RandomProgram {
    const copy = new RandomProgram(this.random, this.findingIds, this.users, this.scale);
    copy.#names = this.#names;
    for (const [name, resource] of this.resources) {
      copy.resources.set(name, { ...resource, findingIds: new Set(resource.findingIds) });
    }
    return copy;
  }

  /** What the engine gets. */
  inputs(): Record<string, Props> {
    const entries = [...this.resources].map(([name, { findingIds, user, byEmail, onMissing }]) => {
      const assignee = byEmail ? user.email : user.id;
      return [name, { findingIds: [...findingIds], assignee, onMissing }] as const;
    });
    return Object.fromEntries(entries);
  }

  /** Who is to own each declared finding. */
  owners(): Map<string, string> {
    const owners = new Map<string, string>();
    for (const { findingIds, user } of this.resources.values()) {
      for (const id of findingIds) owners.set(id, user.id);
    }
    return owners;
  }

  /** Takes a finding out of the program. */
  drop(findingId: string): void {
    for (const { findingIds } of this.resources.values()) findingIds.delete(findingId);
  }

  change(): void {
    const changes = [
      () => this.#grow(),
      () => this.#grow(),
      () => this.#shrink(),
      () => this.#shrink(),
      () => this.#move(),
      () => this.#move(),
      () => this.#swap(),
      () => this.#giveToAnother(),
      () => this.#giveToAnother(),
      () => this.#add(),
      () => this.#remove(),
      () => this.#rename(),
      () => this.#share(),
    ];
    this.random.pick(changes)();
  }

  #add(): void {
    if (this.resources.size >= MOST_RESOURCES) return;
    const { random } = this;
    const name = `r${this.#names++}`;
    this.resources.set(name, {
      findingIds: new Set(),
      user: random.pick(this.users),
      byEmail: random.next() < 0.3,
      onMissing: random.next() < (this.scale > 1 ? 0.1 : 0.5) ? "fail" : "ignore",
    });
    this.#take(name, this.#some(this.findingIds, this.#size(8)));
  }

  #remove(): void {
    this.resources.delete(this.#anyName());
  }

  /** The engine sees a new resource and one that is gone. */
  #rename(): void {
    const name = this.#anyName();
    const resource = this.resources.get(name);
    if (!resource) return;
    this.resources.delete(name);
    this.resources.set(`r${this.#names++}`, resource);
  }

  #grow(): void {
    this.#take(this.#anyName(), this.#some(this.findingIds, this.#size(5)));
  }

  #shrink(): void {
    const resource = this.resources.get(this.#anyName());
    if (!resource) return;
    for (const id of this.#some([...resource.findingIds], this.#size(5))) resource.findingIds.delete(id);
  }

  #move(): void {
    const from = this.resources.get(this.#anyName());
    if (from) this.#take(this.#anyName(), this.#some([...from.findingIds], 4 * this.scale));
  }

  #swap(): void {
    const [one, other] = [this.resources.get(this.#anyName()), this.resources.get(this.#anyName())];
    if (!one || !other) return;
    [one.findingIds, other.findingIds] = [other.findingIds, one.findingIds];
    this.#settleConflicts();
  }

  #giveToAnother(): void {
    const name = this.#anyName();
    const resource = this.resources.get(name);
    if (!resource) return;
    resource.user = this.random.pick(this.users);
    this.#take(name, [...resource.findingIds]);
  }

  /** Two resources may declare one finding for the same user. */
  #share(): void {
    const [one, other] = [this.resources.get(this.#anyName()), this.resources.get(this.#anyName())];
    if (!one || !other || one.user.id !== other.user.id) return;
    for (const id of this.#some([...one.findingIds], 3)) other.findingIds.add(id);
  }

  #take(name: string, findingIds: readonly string[]): void {
    const taker = this.resources.get(name);
    if (!taker) return;
    for (const id of findingIds) {
      for (const resource of this.resources.values()) resource.findingIds.delete(id);
      taker.findingIds.add(id);
    }
  }

  #settleConflicts(): void {
    const owners = new Map<string, string>();
    for (const { findingIds, user } of this.resources.values()) {
      for (const id of findingIds) {
        if ((owners.get(id) ?? user.id) !== user.id) findingIds.delete(id);
        else owners.set(id, user.id);
      }
    }
  }

  #size(most: number): number {
    return 1 + this.random.integer(most * this.scale);
  }

  #anyName(): string {
    const names = [...this.resources.keys()];
    return names.length > 0 ? this.random.pick(names) : "";
  }

  #some<T>(items: readonly T[], most: number): T[] {
    return items.length === 0 ? [] : Array.from({ length: most }, () => this.random.pick(items));
  }
}
