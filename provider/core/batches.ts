/** The most findings that one request may assign. Source: Datadog's reference of the assignee endpoint. */
export const BATCH_SIZE = 100;

/** Cuts a list into runs of at most `size`, in order. */
export function batches<T>(items: readonly T[], size = BATCH_SIZE): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += size) {
    result.push(items.slice(start, start + size));
  }
  return result;
}
