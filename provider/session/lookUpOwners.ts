import type { ObservedFindings } from "./ownerLookup";
import type { Session } from "./session";

/**
 * Asks who owns the findings of a resource, and tells how far that is.
 * @throws PermissionError where the keys may not search, or what the search failed with
 */
export async function lookUpOwners(
  session: Pick<Session, "owners" | "progress" | "tickets">,
  label: string,
  findingIds: readonly string[],
): Promise<ObservedFindings> {
  const task = session.progress.start(label, "looked up", findingIds.length);
  try {
    const observed = await session.owners.lookUp(findingIds, () => task.advance());
    for (const { id, ticket } of observed.findings.values()) session.tickets.note(id, ticket);
    return observed;
  } finally {
    task.finish();
  }
}
