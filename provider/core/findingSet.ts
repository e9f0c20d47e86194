/**
 * Sets of finding ids as sorted arrays without duplicates: the one form in which ids are compared and stored.
 */

/** Unique and sorted by code unit, whatever the locale, so that the same set is always the same text. */
export function findingSet(ids: Iterable<string>): string[] {
  return [...new Set(ids)].sort();
}

/** What is in `ids` and not in `others`, in the order of `ids`. */
export function without(ids: readonly string[], others: Iterable<string>): string[] {
  const excluded = new Set(others);
  return ids.filter((id) => !excluded.has(id));
}

/** What is in both, in the order of `ids`. */
export function common(ids: readonly string[], others: Iterable<string>): string[] {
  const included = new Set(others);
  return ids.filter((id) => included.has(id));
}
