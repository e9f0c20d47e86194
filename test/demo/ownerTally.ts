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
    const owning = counts.filter(([, ...numbers]) => numbers.some((count) => count !== 0));
    const rows = shortened(owning);
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

const MOST_ROWS = 12;

/** The largest owners, and all others in one row. */
function shortened(rows: readonly (string | number)[][]): (string | number)[][] {
  if (rows.length <= MOST_ROWS) return [...rows];
  const nobody = rows.filter(([name]) => name === "nobody");
  const people = rows.filter(([name]) => name !== "nobody");
  const latest = (row: readonly (string | number)[]) => Number(row.at(-1));
  const sorted = [...people].sort((one, other) => latest(other) - latest(one));
  const rest = sorted.slice(MOST_ROWS - 2);
  const columns = (rows[0]?.length ?? 1) - 1;
  const sums = Array.from({ length: columns }, (_, column) =>
    rest.reduce((sum, row) => sum + Number(row[column + 1]), 0),
  );
  return [...sorted.slice(0, MOST_ROWS - 2), [`${rest.length} others`, ...sums], ...nobody];
}
