import { countOf } from "../core/count";
import { without } from "../core/findingSet";
import { groupBy } from "../core/groupBy";
import { PermissionError } from "../datadog/errors/permissionError";
import type { Finding } from "../datadog/model/findingsApi";
import { UNPROVEN_ORGANISATION } from "../messages/advise";
import { firstIds } from "../messages/messages";
import { lookUpOwners } from "../session/lookUpOwners";
import type { ObservedFindings } from "../session/ownerLookup";
import type { Session } from "../session/session";
import { type ChangeReport, change, mergeReports, ReportBuilder } from "./assignFindings";
import { confirmMoves } from "./confirmMoves";
import { handOver, sayThatTheyWait } from "./handOver";
import { isSomebodyElses, judgeRelease } from "./judgeRelease";
import { keepSharedTickets } from "./keepSharedTickets";
import { noteForeign } from "./noteForeign";
import { openTransfers } from "./openTransfers";
import type { ReleaseRequest } from "./releaseRequest";
import type { Successor } from "./successor";

export interface ReleaseReport extends ChangeReport {
  /**
   * Declared by another resource of the program, which has not been seen to have them: they may still be
   * ours.
   */
  readonly moving: readonly string[];
  /** UUIDs of the owners of rules to whom findings went, by finding id. */
  readonly successors: ReadonlyMap<string, string>;
  /**
   * Those of `done` that keep our user, since another finding of their ticket is declared or has another
   * owner.
   */
  readonly kept: readonly string[];
}

/**
 * Releases what is still ours: what a rule of the program takes goes to its owner, the rest is unassigned.
 * Left alone: what the program declares elsewhere by now, and what somebody has given to another user since.
 * A finding that the search does not show is unassigned like the others; one that Datadog refuses as unknown
 * (404) counts as released, and is told.
 */
export async function releaseFindings(session: Session, request: ReleaseRequest): Promise<ReleaseReport> {
  const report = new ReportBuilder();
  const claimed = request.findingIds.filter((id) => session.claims.has(id));
  const unclaimed = request.findingIds.filter((id) => !session.claims.has(id));
  const [before, { kept, handedOver }] = await Promise.all([
    settleClaimed(session, request, claimed, report),
    releaseUnclaimed(session, request, unclaimed, report),
  ]);
  const late = new ReportBuilder();
  const since = claimedSince(session, unclaimed, report.build());
  const moving = [
    ...before,
    ...(await settleClaimed(session, request, since, late)),
    ...(await openTransfers(session, handedOver)),
  ];
  const successors = new Map([...handedOver].map(([id, { ownerId }]) => [id, ownerId]));
  const { missing, leftAlone, ...rest } = mergeReports([report.build(since), late.build()]);
  if (rest.acceptedAt !== undefined) session.account.confirm(request.account);
  const gone = missing.map((problem) => problem.findingId);
  const done = [...rest.done, ...leftAlone];
  const others = { missing: [], leftAlone: [], moving, successors, kept };
  if (gone.length === 0) return { ...rest, ...others, done };
  if (!(await isOrganisationOf(session, request))) {
    const { title, detail } = UNPROVEN_ORGANISATION;
    const unproven = gone.map((findingId) => ({ findingId, status: 0, title, detail }));
    const failed = [...rest.failed, ...unproven];
    return { ...rest, ...others, done, failed };
  }
  const what = gone.length === 1 ? "no longer exists and counts" : "no longer exist and count";
  session.print(`${request.label}: ${countOf(gone, "finding")} ${what} as released: ${firstIds(gone)}`);
  return { ...rest, ...others, done: [...done, ...gone] };
}

/**
 * What other resources have claimed while this release was under way, and nothing was sent for: it is theirs
 * only once Datadog has accepted it for them.
 */
function claimedSince(
  { claims, accepted }: Session,
  findingIds: readonly string[],
  { done, leftAlone }: ChangeReport,
): string[] {
  const settled = new Set([...done, ...leftAlone]);
  const isOpen = (id: string) => settled.has(id) && accepted.last(id)?.assigneeId !== null;
  return findingIds.filter((id) => claims.has(id) && isOpen(id));
}

/** Whether that is certain. @throws OtherOrganisationError where they belong to another one */
async function isOrganisationOf(session: Session, request: ReleaseRequest): Promise<boolean> {
  const [ownerId] = request.findingIds.flatMap(request.ownersOf);
  if (ownerId === undefined) return true;
  return session.account.verifyOwner(request.label, request.account, ownerId, session.cancelled);
}

/**
 * What only the deleted resource itself declares is released like the rest: what is made anew assigns it
 * again.
 * @returns what nobody has confirmed to be with the resource that declares it
 */
async function settleClaimed(
  session: Session,
  request: ReleaseRequest,
  findingIds: readonly string[],
  report: ReportBuilder,
): Promise<readonly string[]> {
  const open = await settleMoves(session, request, findingIds, report);
  const { deleted } = request;
  if (deleted === undefined) return open;
  const own = session.claims.withdraw(open, deleted);
  await releaseUnclaimed(session, request, own, report);
  return without(open, own);
}

/** @returns what nobody has confirmed to be with the resource that declares it */
async function settleMoves(
  session: Session,
  request: ReleaseRequest,
  findingIds: readonly string[],
  report: ReportBuilder,
): Promise<readonly string[]> {
  const { toAssign, open } = await confirmMoves(session, request, findingIds);
  const unsettled = new Set([...toAssign.keys(), ...open]);
  for (const id of findingIds) if (!unsettled.has(id)) report.note(id, { kind: "superseded" });
  const byOwner = groupBy(toAssign.keys(), (id) => toAssign.get(id) ?? null);
  await Promise.all(
    [...byOwner].map(([assigneeId, ids]) =>
      change(session, { label: request.label, verb: "assigned", findingIds: ids, assigneeId }, report),
    ),
  );
  return open;
}

interface Released {
  /** What keeps its owner for the sake of its ticket. */
  readonly kept: readonly string[];
  /** To whom findings went, by id. */
  readonly handedOver: ReadonlyMap<string, Successor>;
}

const NOTHING: Released = { kept: [], handedOver: new Map() };

async function releaseUnclaimed(
  session: Session,
  request: ReleaseRequest,
  findingIds: readonly string[],
  report: ReportBuilder,
): Promise<Released> {
  if (findingIds.length === 0) return NOTHING;
  const { label } = request;
  const observed = await lookUp(session, request, findingIds, report);
  if (observed === "failed") return NOTHING;
  if (observed !== "unknown") {
    if (observed.findings.size + observed.unreadable.size > 0) session.account.confirm(request.account);
    else await isOrganisationOf(session, request);
  }
  const classified =
    observed === "unknown"
      ? { ours: [...findingIds], owned: [] }
      : classifyFindings(session, request, findingIds, observed, report);
  const shared = await keepSharedTickets(session, label, classified.owned).catch((error: unknown) => {
    report.failAll(classified.ours, error);
    return "failed" as const;
  });
  if (shared === "failed") return NOTHING;
  const { kept } = shared;
  for (const id of shared.following) session.releaseAttempts.add(id);
  for (const id of kept) report.note(id, { kind: "superseded" });
  const ours = classified.ours.filter((id) => !kept.has(id));
  const owned = classified.owned.filter(({ id }) => !kept.has(id));
  const asked = session.ownerships.size;
  const isOver = request.deleted !== undefined;
  const transferred = await handOver(session, label, owned, report, isOver);
  for (const { id, assignee } of owned) session.changeLog?.expect(id, { resource: label, from: assignee });
  const unwanted = ours.filter((id) => !transferred.has(id));
  await change(session, { label, verb: "unassigned", findingIds: unwanted, assigneeId: null }, report);
  // Rules that were declared meanwhile may have been planned before the search showed any of this.
  const late =
    session.ownerships.size > asked
      ? await handOverLate(session, label, owned, transferred)
      : NOTHING.handedOver;
  return { kept: [...kept], handedOver: new Map([...transferred, ...late]) };
}

/** What has just been released. Where that fails the rule's next deployment does it. */
async function handOverLate(
  session: Session,
  label: string,
  owned: readonly Finding[],
  transferred: ReadonlyMap<string, Successor>,
): Promise<ReadonlyMap<string, Successor>> {
  const released = owned.filter(
    ({ id }) => !transferred.has(id) && session.accepted.last(id)?.assigneeId === null,
  );
  const report = new ReportBuilder();
  const handedOver = await handOver(session, label, released, report, false);
  const failed = report.build().failed.map(({ findingId }) => findingId);
  sayThatTheyWait(session, label, failed);
  return new Map([...handedOver].filter(([id]) => !failed.includes(id)));
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
      noteBlind(session, request, findingIds, error.message);
      return "unknown";
    }
    report.failAll(findingIds, error);
    return "failed";
  }
}

function noteBlind(
  session: Session,
  { label }: ReleaseRequest,
  findingIds: readonly string[],
  why: string,
): void {
  const [are, them] = findingIds.length === 1 ? ["is", "it"] : ["are", "them"];
  session.print(
    `${label}: warning: ${countOf(findingIds, "finding")} ${are} unassigned without a check whether somebody has reassigned ` +
      `${them} (${firstIds(findingIds)}): ${why}`,
  );
}

/** What is ours, or may be, and what the search says of it; the others are noted as done. */
function classifyFindings(
  session: Session,
  request: ReleaseRequest,
  findingIds: readonly string[],
  observed: ObservedFindings,
  report: ReportBuilder,
): { readonly ours: string[]; readonly owned: Finding[] } {
  const ours: string[] = [];
  const owned: Finding[] = [];
  const foreign: Finding[] = [];
  const unread: string[] = [];
  for (const id of findingIds) {
    const finding = observed.findings.get(id);
    // Another resource may have been checked, or may have taken it over, while the search was under way.
    if (session.claims.has(id) || isOthersByNow(session, request, id))
      report.note(id, { kind: "superseded" });
    else if (observed.unreadable.has(id)) {
      unread.push(id);
      ours.push(id);
    } else {
      const judgement = judgeRelease(request, id, finding, observed.answeredAt);
      if (isSomebodyElses(judgement, finding)) {
        report.note(id, { kind: "superseded" });
        if (finding) foreign.push(finding);
        continue;
      }
      ours.push(id);
      // Whom the search shows had it before us.
      const [owner] = judgement === "outdated" ? request.ownersOf(id) : [];
      if (finding) owned.push(owner === undefined ? finding : { ...finding, assignee: { id: owner } });
    }
  }
  if (unread.length > 0) noteBlind(session, request, unread, "the search's answer cannot be read");
  noteForeign(session, request, foreign);
  return { ours, owned };
}

/** Whether this process has released it already, or given it to the user of another resource. */
function isOthersByNow({ accepted }: Session, { ownersOf }: ReleaseRequest, id: string): boolean {
  const last = accepted.last(id);
  return last !== undefined && (last.assigneeId === null || !ownersOf(id).includes(last.assigneeId));
}
