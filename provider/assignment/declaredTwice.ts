import type { ClaimConflict } from "../core/claims";
import { count } from "../core/count";
import { groupBy } from "../core/groupBy";
import type { TicketConflict } from "../core/sharedTickets";
import { plainLine } from "../datadog/model/plainText";
import { firstIds } from "../messages/messages";
import type { Session } from "../session/session";
import type { AssignmentInputs } from "./assignmentInputs";

export interface DeclaredTwice {
  readonly findingIds: readonly string[];
  /** Which findings, for whom, where, and what to do. */
  readonly reason: string;
}

/** Other resources of the program declare findings, or others of the same ticket, for another user. */
export class ConflictingClaimsError extends Error {
  override readonly name = "ConflictingClaimsError";
}

/** The most other resources that are told one by one. */
const MOST_RESOURCES = 10;

/** A problem for each other resource, however many findings it declares, too. */
export function declaredTwice(conflicts: readonly ClaimConflict[]): DeclaredTwice[] {
  const claims = groupBy(conflicts, ({ claimedBy, claimedFor }) => JSON.stringify([claimedBy, claimedFor]));
  const problems = [...claims.values()].map(describe);
  const shown = problems.slice(0, MOST_RESOURCES);
  const rest = problems.slice(MOST_RESOURCES).flatMap(({ findingIds }) => findingIds);
  if (rest.length === 0) return shown;
  const others = problems.length - shown.length;
  const findings = rest.length === 1 ? "1 more finding is" : `${count(rest.length)} more findings are`;
  const resources = others === 1 ? "1 more resource" : `${count(others)} more resources`;
  const reason = `and ${findings} declared by ${resources}, too`;
  return [...shown, { findingIds: rest, reason }];
}

/**
 * Claims the declared findings for the user who is meant, whatever name the program gives.
 * @throws ConflictingClaimsError where another resource of the program has claimed some, or others of the
 * same ticket, for another user
 */
export function claimFindings(
  { claims, tickets }: Pick<Session, "claims" | "tickets">,
  { findingIds, assignee, resourceName }: AssignmentInputs,
  assigneeId: string,
): void {
  const problems = declaredTwice(claims.resolve(findingIds, assigneeId, { assignee, resourceName }));
  if (problems.length > 0) throw new ConflictingClaimsError(problems.map(({ reason }) => reason).join("\n"));
  const conflicts = tickets.conflicts(findingIds, assigneeId, (id) => claims.ownerOf(id));
  if (conflicts.length > 0) throw new ConflictingClaimsError(conflicts.map(describeTicket).join("\n"));
}

function describeTicket({ findingId, otherId, key }: TicketConflict): string {
  return plainLine(
    `${findingId} and ${otherId} share the ticket ${key} and are declared for different users, ` +
      "but Datadog gives all findings of a ticket one owner: declare both for one user, or detach one from the ticket",
  );
}

function describe(conflicts: readonly ClaimConflict[]): DeclaredTwice {
  const findingIds = conflicts.map(({ findingId }) => findingId);
  const [{ assignee = "", claimedFor = "", claimedBy = undefined, declaredBy = undefined } = {}] = conflicts;
  const which =
    findingIds.length === 1
      ? `finding ${firstIds(findingIds)} is`
      : `${count(findingIds.length)} findings (${firstIds(findingIds)}) are`;
  const another = `another resource${claimedBy === undefined ? "" : ` named "${claimedBy}"`}`;
  const other = claimedBy === undefined || claimedBy === declaredBy ? another : `"${claimedBy}"`;
  const reason =
    `${which} declared twice: for ${assignee} here, and for ${claimedFor} by ${other}; ` +
    "a finding has one owner: take it out of one of them";
  return { findingIds, reason: plainLine(reason) };
}
