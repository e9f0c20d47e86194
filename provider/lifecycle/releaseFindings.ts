import { judgeOwner } from "../core/ownerJudgement";
import { problemOf } from "../datadog/errors";
import { PermissionError } from "../datadog/errors/permissionError";
import type { Finding } from "../datadog/findingsApi";
import { type ChangeReport, change, ReportBuilder } from "./assignFindings";
import { firstTen } from "./messages";
import type { ObservedFindings } from "./ownerLookup";
import type { Session } from "./session";

export interface ReleaseRequest {
  readonly label: string;
  readonly findingIds: readonly string[];
  /** The users to whom we gave them: whoever else has one now keeps it. */
  readonly assigneeIds: readonly string[];
  /** When Datadog accepted that, ms since the epoch; undefined: so long ago that the search knows, or never. */
  readonly acceptedAt: (findingId: string) => number | undefined;
}

/**
 * Unassigns what is still ours. Left alone: what the program declares elsewhere by now, and what somebody has given to another
 * user since. A finding that is gone counts as done.
 */
export async function releaseFindings(session: Session, request: ReleaseRequest): Promise<ChangeReport> {
  const report = new ReportBuilder();
  const unclaimed = request.findingIds.filter((id) => !session.claims.has(id));
  if (unclaimed.length === 0) return report.build();
  const observed = await lookUp(session, request, unclaimed, report);
  if (observed === "failed") return report.build();
  const ours = observed === "unknown" ? unclaimed : stillOurs(session, request, unclaimed, observed, report);
  await change(
    session,
    { label: request.label, verb: "unassigned", findingIds: ours, assigneeId: null },
    report,
  );
  const { missing, ...rest } = report.build();
  return { ...rest, missing: [], done: [...rest.done, ...missing.map((problem) => problem.findingId)] };
}

async function lookUp(
  session: Session,
  request: ReleaseRequest,
  findingIds: readonly string[],
  report: ReportBuilder,
): Promise<ObservedFindings | "unknown" | "failed"> {
  try {
    return await session.owners.lookUp(findingIds);
  } catch (error) {
    if (error instanceof PermissionError) {
      session.print(
        `${request.label}: unassigning ${findingIds.length} findings without seeing whether somebody has reassigned them: ` +
          error.message,
      );
      return "unknown";
    }
    const problem = problemOf(error);
    for (const findingId of findingIds) {
      report.note(findingId, { kind: "failed", problem: { findingId, ...problem }, ambiguous: false });
    }
    return "failed";
  }
}

function stillOurs(
  session: Session,
  request: ReleaseRequest,
  findingIds: readonly string[],
  observed: ObservedFindings,
  report: ReportBuilder,
): string[] {
  const ours: string[] = [];
  const foreign: Finding[] = [];
  for (const id of findingIds) {
    // Another resource may have been checked while the search was under way.
    if (session.claims.has(id)) continue;
    const finding = observed.findings.get(id);
    const verdict = judge(session, request, id, finding, observed.answeredAt);
    if (verdict === "release") ours.push(id);
    else {
      report.note(id, { kind: "superseded" });
      if (verdict === "foreign" && finding) foreign.push(finding);
    }
  }
  if (foreign.length > 0) {
    session.print(
      `${request.label}: ${foreign.length} findings left alone, because somebody has given them to another user: ` +
        firstTen(
          foreign.map((finding) => `${finding.id} (${finding.assignee?.name ?? finding.assignee?.id})`),
        ),
    );
  }
  return ours;
}

function judge(
  session: Session,
  request: ReleaseRequest,
  id: string,
  finding: Finding | undefined,
  now: number,
): "release" | "done" | "foreign" {
  const owner = finding && {
    assigneeId: finding.assignee?.id ?? null,
    updatedAt: finding.assignee?.updatedAt,
  };
  const isOurs = (userId: string | null) => userId !== null && request.assigneeIds.includes(userId);
  const ack = session.acks.last(id);
  // Unassigned already, or given to the user of another resource: by us, and nobody has changed it since.
  if (ack && !isOurs(ack.assigneeId) && judgeOwner(owner, ack, now) !== "somebodyElse") return "done";
  if (owner && isOurs(owner.assigneeId)) return "release";
  const acceptedAt = ack && isOurs(ack.assigneeId) ? ack.acceptedAt : request.acceptedAt(id);
  const assigneeId = request.assigneeIds[0] ?? null;
  const verdict = judgeOwner(owner, { assigneeId, acceptedAt }, now);
  if (verdict === "somebodyElse") return "foreign";
  return verdict === "missing" ? "done" : "release";
}
