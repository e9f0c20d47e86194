import type { Finding, TriageAssignee } from "../datadog/model/findingsApi";
import type { Session } from "./session";

/** Who owns a finding: the search may lag behind what this process has changed. null: nobody. */
export function ownerNow(
  { accepted }: Pick<Session, "accepted">,
  { id, assignee }: Finding,
): TriageAssignee | null {
  const last = accepted.last(id);
  if (!last || last.assigneeId === assignee?.id) return assignee;
  return last.assigneeId === null ? null : { id: last.assigneeId };
}
