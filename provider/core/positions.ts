/**
 * Which elements of a list are in a subset, as runs: `[0, 3, 10, 1]` are the first three and the eleventh.
 * The state keeps what it says of some of its findings this way, since each id is long and there may be ten
 * thousand.
 */
export function positionsOf(list: readonly string[], subset: Iterable<string>): number[] {
  const included = new Set(subset);
  const runs: number[] = [];
  let length = 0;
  for (let index = 0; index <= list.length; index++) {
    const id = list[index];
    if (id !== undefined && included.has(id)) length++;
    else if (length > 0) {
      runs.push(index - length, length);
      length = 0;
    }
  }
  return runs;
}

/** The elements at these positions; positions that the list does not have are ignored. */
export function atPositions(list: readonly string[], runs: readonly number[]): string[] {
  const subset: string[] = [];
  for (let index = 0; index + 1 < runs.length; index += 2) {
    const start = runs[index] ?? 0;
    subset.push(...list.slice(start, start + (runs[index + 1] ?? 0)));
  }
  return subset;
}
