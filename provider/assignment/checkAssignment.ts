import { type ClaimConflict, isUuid } from "../core/claims";
import type { CheckResult } from "../engine/checkFailures";
import { nameIn } from "../engine/nameIn";
import { isUnknown } from "../engine/unknown";
import type { Session } from "../session/session";
import { checkInputs } from "./assignmentInputs";
import { declaredTwice } from "./declaredTwice";

/**
 * Parses and normalises the inputs, and claims the declared findings. Needs neither network nor keys. Claims
 * are made even where the inputs are wrong: what is declared is not to be released, whatever else fails.
 */
export function checkAssignment(
  session: Pick<Session, "claims" | "refreshed">,
  news: Readonly<Record<string, unknown>>,
): CheckResult {
  const { failures, normalised } = checkInputs(news);
  const assignee =
    failures.length === 0 && !isUnknown(news.assignee) ? String(normalised.assignee) : undefined;
  const resourceName = nameIn(news);
  session.refreshed.noteCheck("assignment", resourceName);
  const ids = knownIds(normalised.findingIds);
  const conflicts = claim(session, ids, assignee, resourceName);
  const twice = declaredTwice(conflicts).map(({ findingIds, reason }) => ({
    // The engine shows the value of a property, and the whole list is long.
    property: `findingIds[${indexOf(news.findingIds, findingIds[0])}]`,
    reason,
  }));
  return { inputs: normalised, failures: [...failures, ...twice] };
}

/** Names of one kind are compared, and users as far as they are known without asking Datadog. */
function claim(
  { claims }: Pick<Session, "claims">,
  findingIds: readonly string[],
  assignee: string | undefined,
  resourceName: string | undefined,
): ClaimConflict[] {
  const conflicts = claims.declare(findingIds, assignee, resourceName);
  if (assignee === undefined || !isUuid(assignee)) return conflicts;
  const known = new Set(conflicts.map(({ findingId }) => findingId));
  const meant = claims.resolve(findingIds, assignee, { assignee, resourceName });
  return [...conflicts, ...meant.filter(({ findingId }) => !known.has(findingId))];
}

function indexOf(list: unknown, item: unknown): number {
  return Array.isArray(list) ? list.indexOf(item) : -1;
}

function knownIds(findingIds: unknown): string[] {
  if (!Array.isArray(findingIds)) return [];
  return findingIds.filter((id): id is string => typeof id === "string" && !isUnknown(id));
}
