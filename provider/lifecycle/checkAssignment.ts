import type { ClaimConflict } from "../core/claims";
import { plainText } from "../datadog/plainText";
import { checkInputs } from "./assignmentInputs";
import type { CheckFailure } from "./checkFailures";
import type { Session } from "./session";
import { isUnknown } from "./unknown";

export interface CheckResult {
  readonly inputs: Record<string, unknown>;
  readonly failures: CheckFailure[];
}

/**
 * Parses and normalises the inputs, and claims the declared findings. Needs neither network nor keys. Claims are made
 * even where the inputs are wrong: what is declared is not to be released, whatever else fails.
 */
export function checkAssignment(
  session: Pick<Session, "claims">,
  news: Readonly<Record<string, unknown>>,
): CheckResult {
  const { failures, normalised } = checkInputs(news);
  const assignee =
    failures.length === 0 && !isUnknown(news.assignee) ? String(normalised.assignee) : undefined;
  const resourceName = typeof news.resourceName === "string" ? news.resourceName : undefined;
  const conflicts = session.claims.declare(knownIds(normalised.findingIds), assignee, resourceName);
  return { inputs: normalised, failures: [...failures, ...conflicts.slice(0, MOST_CONFLICTS).map(refuse)] };
}

const MOST_CONFLICTS = 20;

function knownIds(findingIds: unknown): string[] {
  if (!Array.isArray(findingIds)) return [];
  return findingIds.filter((id): id is string => typeof id === "string" && !isUnknown(id));
}

function refuse({ findingId, assignee, claimedFor, claimedBy }: ClaimConflict): CheckFailure {
  const other = claimedBy === undefined ? "another resource" : `"${claimedBy}"`;
  return {
    property: "findingIds",
    reason:
      `finding ${plainText(findingId)} is declared twice: for ${assignee} here, and for ${claimedFor} by ${other}; ` +
      "a finding has one owner: take it out of one of them",
  };
}
