/** By finding: the UUID of its owner, or null. */
export type Owners = ReadonlyMap<string, string | null>;

/** How many findings Datadog takes in one request. */
const BATCH = 100;

/**
 * The fewest requests that turn one distribution into the other: each gives findings to one owner, or to
 * nobody.
 */
export function leastAssignments(before: Owners, after: Owners): number {
  const gained = new Map<string | null, number>();
  for (const [id, owner] of after)
    if ((before.get(id) ?? null) !== owner) gained.set(owner, (gained.get(owner) ?? 0) + 1);
  return [...gained.values()].reduce((sum, findings) => sum + Math.ceil(findings / BATCH), 0);
}
