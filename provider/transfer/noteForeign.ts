import { countOf } from "../core/count";
import { groupBy } from "../core/groupBy";
import type { Finding } from "../datadog/model/findingsApi";
import { firstIds } from "../messages/messages";
import type { Session } from "../session/session";
import type { ReleaseRequest } from "./releaseRequest";

/** Tells which findings a release leaves alone, and who has them. */
export function noteForeign(session: Session, request: ReleaseRequest, foreign: readonly Finding[]): void {
  // Both times are needed to say that it was not our own assignment that failed, or is not shown yet.
  const reasons = groupBy(foreign, ({ id, assignee }) => {
    const isKnown = assignee?.updatedAt !== undefined && request.acceptedAt(id) !== undefined;
    return isKnown ? "somebody has given" : "the search shows";
  });
  for (const [reason, findings] of reasons) {
    const them = findings.length === 1 ? "it" : "them";
    const what = reason === "the search shows" ? "another owner" : `${them} to another user`;
    const shown = findings.map(
      ({ id, assignee }) => `${id} (${assignee ? session.users.label(assignee) : "nobody"})`,
    );
    session.print(
      `${request.label}: ${countOf(findings, "finding")} left alone, because ${reason} ${what}: ${firstIds(shown)}`,
    );
  }
}
