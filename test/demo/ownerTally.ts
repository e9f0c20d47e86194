import type { Owners } from "./leastAssignments";
import { table } from "./stage";

/** How many findings each owner has, beside how many it had when they were last shown. */
export class OwnerTally {
  readonly #names: ReadonlyMap<string, string>;
  #shown: ReadonlyMap<string, number> | undefined;

  /** @param names of users, by UUID */
  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  print(owners: Owners): void {
    const now = this.#count(owners);
    const earlier = this.#shown;
    const all = [...new Set([...this.#names.values(), "nobody"])];
    const counts = all.map((name) => [
      name,
      ...(earlier ? [earlier.get(name) ?? 0] : []),
      now.get(name) ?? 0,
    ]);
    const rows = counts.filter(([, ...numbers]) => numbers.some((count) => count !== 0));
    table(earlier ? ["owner", "before", "after"] : ["owner", "findings"], rows);
    this.#shown = now;
  }

  #count(owners: Owners): Map<string, number> {
    const counts = new Map<string, number>();
    for (const owner of owners.values()) {
      const name = owner === null ? "nobody" : (this.#names.get(owner) ?? owner);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }
}
