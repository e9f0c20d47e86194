import type { AckRecord } from "../../provider/lifecycle/ackStore";

/** Whom Datadog has given each finding to at our request, as far as answers have told; null: unassigned. */
export function acceptedWork(records: readonly AckRecord[]): Map<string, string | null> {
  const owners = new Map<string, string | null>();
  for (const { findingIds, assigneeId = null, doubtful } of records) {
    for (const id of findingIds) {
      if (doubtful) owners.delete(id);
      else owners.set(id, assigneeId);
    }
  }
  return owners;
}
