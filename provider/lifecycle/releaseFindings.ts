import { judgeOwner } from "../core/ownerJudgement";
import { problemOf } from "../datadog/errors";
import { PermissionError } from "../datadog/errors/permissionError";
import type { Finding } from "../datadog/findingsApi";
import { type ChangeReport, change, ReportBuilder } from "./assignFindings";
import { lookUpOwners } from "./lookUpOwners";
import { firstTen } from "./messages";
import type { ObservedFindings } from "./ownerLookup";
import { handOver } from "./ownership/handOver";
import { count } from "./progress";
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
 * Lets go of what is still ours: what a rule of the program takes goes to its owner, the rest is unassigned. Left alone: what the
 * program declares elsewhere by now, and what somebody has given to another user since. A finding that is gone counts as done, and
 * is told.
 */
export async function releaseFindings(session: Session, request: ReleaseRequest): Promise<ChangeReport> {
  const report = new ReportBuilder();
  const unclaimed = request.findingIds.filter((id) => !session.claims.has(id));
  if (unclaimed.length === 0) return report.build();
  const observed = await lookUp(session, request, unclaimed, report);
  if (observed === "failed") return report.build();
  const { label } = request;
  const { ours, gone } =
    observed === "unknown"
      ? { ours: unclaimed, gone: [] }
      : sort(session, request, unclaimed, observed, report);
  const owned = observed === "unknown" ? [] : ours.flatMap((id) => observed.findings.get(id) ?? []);
  const asked = session.ownerships.size;
  const inherited = await handOver(session, label, owned, report);
  const unwanted = ours.filter((id) => !inherited.has(id));
  await change(session, { label, verb: "unassigned", findingIds: unwanted, assigneeId: null }, report);
  // Rules that were declared meanwhile may have been planned before the search showed any of this.
  if (session.ownerships.size > asked) await handOverLate(session, label, owned, inherited);
  const { missing, leftAlone, ...rest } = report.build();
  const refused = missing.map((problem) => problem.findingId);
  const released = [...gone, ...refused];
  if (released.length > 0) {
    session.print(
      `${label}: ${count(released.length)} findings do not exist any more and count as released: ${firstTen(released)}`,
    );
  }
  return { ...rest, missing: [], leftAlone: [], done: [...rest.done, ...refused, ...leftAlone] };
}

/** What has just been released. Where that fails the rule's next deployment does it. */
async function handOverLate(
  session: Session,
  label: string,
  owned: readonly Finding[],
  inherited: ReadonlySet<string>,
): Promise<void> {
  const released = owned.filter(
    ({ id }) => !inherited.has(id) && session.accepted.last(id)?.assigneeId === null,
  );
  const report = new ReportBuilder();
  await handOver(session, label, released, report);
  const { failed } = report.build();
  if (failed.length === 0) return;
  const ids = failed.map(({ findingId }) => findingId);
  session.print(
    `${label}: ${count(ids.length)} findings wait for the next pulumi up of that rule: ${firstTen(ids)}`,
  );
}

async function lookUp(
  session: Session,
  request: ReleaseRequest,
  findingIds: readonly string[],
  report: ReportBuilder,
): Promise<ObservedFindings | "unknown" | "failed"> {
  try {
    return await lookUpOwners(session, request.label, findingIds);
  } catch (error) {
    if (error instanceof PermissionError) {
      noteBlind(session, request, findingIds.length, error.message);
      return "unknown";
    }
    const problem = problemOf(error);
    for (const findingId of findingIds) {
      report.note(findingId, { kind: "failed", problem: { findingId, ...problem }, ambiguous: false });
    }
    return "failed";
  }
}

function noteBlind(session: Session, { label }: ReleaseRequest, findings: number, why: string): void {
  session.print(
    `${label}: unassigning ${count(findings)} findings without seeing whether somebody has reassigned them: ${why}`,
  );
}

/** Which are still ours, and which are gone; the others are noted as settled. */
function sort(
  session: Session,
  request: ReleaseRequest,
  findingIds: readonly string[],
  observed: ObservedFindings,
  report: ReportBuilder,
): { readonly ours: string[]; readonly gone: string[] } {
  const ours: string[] = [];
  const gone: string[] = [];
  const foreign: Finding[] = [];
  let unread = 0;
  for (const id of findingIds) {
    // Another resource may have been checked while the search was under way.
    if (session.claims.has(id)) continue;
    if (observed.unreadable.has(id)) {
      unread++;
      ours.push(id);
      continue;
    }
    const finding = observed.findings.get(id);
    const verdict = judge(session, request, id, finding, observed.answeredAt);
    if (verdict === "release") ours.push(id);
    else {
      report.note(id, { kind: "superseded" });
      if (verdict === "gone") gone.push(id);
      if (verdict === "foreign" && finding) foreign.push(finding);
    }
  }
  if (unread > 0) noteBlind(session, request, unread, "what the search says of them cannot be read");
  if (foreign.length > 0) {
    session.print(
      `${request.label}: ${foreign.length} findings left alone, because somebody has given them to another user: ` +
        firstTen(
          foreign.map((finding) => `${finding.id} (${finding.assignee?.name ?? finding.assignee?.id})`),
        ),
    );
  }
  return { ours, gone };
}

function judge(
  session: Session,
  request: ReleaseRequest,
  id: string,
  finding: Finding | undefined,
  now: number,
): "release" | "done" | "gone" | "foreign" {
  const owner = finding && {
    assigneeId: finding.assignee?.id ?? null,
    updatedAt: finding.assignee?.updatedAt,
  };
  const isOurs = (userId: string | null) => userId !== null && request.assigneeIds.includes(userId);
  const ack = session.accepted.last(id);
  // Unassigned already, or given to the user of another resource: by us, and nobody has changed it since.
  if (ack && !isOurs(ack.assigneeId) && judgeOwner(owner, ack, now) !== "somebodyElse") return "done";
  if (owner && isOurs(owner.assigneeId)) return "release";
  const acceptedAt = ack && isOurs(ack.assigneeId) ? ack.acceptedAt : request.acceptedAt(id);
  const assigneeId = request.assigneeIds[0] ?? null;
  const verdict = judgeOwner(owner, { assigneeId, acceptedAt }, now);
  if (verdict === "somebodyElse") return "foreign";
  return verdict === "missing" ? "gone" : "release";
}
