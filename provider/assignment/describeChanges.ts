import { count, countOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import type { UserLabels } from "../messages/formerOwners";
import { firstTen } from "../messages/messages";
import type { AcceptedChanges } from "../session/acceptedChanges";

/** Findings that Datadog has accepted for a user. */
export interface AssignedTo {
  /** UUID. */
  readonly assigneeId: string;
  readonly done: readonly string[];
}

/**
 * What Datadog has accepted for a list, in one line: how many findings for whom, and how many are unassigned.
 * Of those that were to be released, what went over to a rule has a line of its own, and what was left alone
 * does not count. No line where nothing was accepted.
 * @param released findings that were to be released
 */
export function describeChanges(
  { accepted, users }: { readonly accepted: AcceptedChanges; readonly users: UserLabels },
  assigned: readonly AssignedTo[],
  released: Iterable<string>,
): string | undefined {
  const owners = assigned.flatMap(({ assigneeId, done }) => done.map(() => assigneeId));
  const unassigned = unassignedOf({ accepted }, released);
  const parts = [
    ...(owners.length > 0 ? [describeAssigned(owners, users)] : []),
    ...(unassigned.length > 0 ? [`${countOf(unassigned, "finding")} unassigned`] : []),
  ];
  return parts.length > 0 ? parts.join("; ") : undefined;
}

/** Those that Datadog has accepted to be nobody's, and that no rule has got since. */
export function unassignedOf(
  { accepted }: { readonly accepted: AcceptedChanges },
  released: Iterable<string>,
): string[] {
  return [...released].filter((id) => accepted.last(id)?.assigneeId === null);
}

/** @param owners UUID of who got each finding */
function describeAssigned(owners: readonly string[], users: UserLabels): string {
  const byOwner = [...groupBy(owners, (id) => id)].sort(([, one], [, other]) => other.length - one.length);
  const [only = ""] = byOwner.map(([id]) => users.label({ id }));
  const number = countOf(owners, "finding");
  if (byOwner.length === 1) return `${number} assigned to ${only}`;
  const shares = byOwner.map(([id, { length }]) => `${count(length)} to ${users.label({ id })}`);
  return `${number} assigned: ${firstTen(shares)}`;
}
