import type { Finding } from "../datadog/model/findingsApi";
import type { Session } from "../session/session";
import { change, type ReportBuilder } from "./assignFindings";
import { handOver } from "./handOver";

/**
 * Releases findings: what the program's rules take goes to their owners, the rest is unassigned.
 * @param isOver whether a resource is deleted, after all others were deployed
 * @returns ids of those that are not unassigned
 */
export async function transferOrUnassign(
  session: Session,
  label: string,
  findings: readonly Finding[],
  report: ReportBuilder,
  { isOver }: { readonly isOver: boolean },
): Promise<ReadonlySet<string>> {
  const handedOver = await handOver(session, label, findings, report, isOver);
  for (const { id, assignee } of findings) session.changeLog?.expect(id, { resource: label, from: assignee });
  const findingIds = findings.map(({ id }) => id).filter((id) => !handedOver.has(id));
  await change(session, { label, verb: "unassigned", findingIds, assigneeId: null }, report);
  return new Set(handedOver.keys());
}
