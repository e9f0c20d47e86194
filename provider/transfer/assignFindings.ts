import { noOutcome } from "../changes/changeEntry";
import type { ChangeOutcome } from "../changes/changeOutcome";
import { without } from "../core/findingSet";
import { problemOf } from "../datadog/errors";
import type { ChangeGuard, FindingProblem } from "../datadog/model/findingsApi";
import { DECLARED_TWICE } from "../messages/advise";
import type { Session } from "../session/session";

/** What became of the findings that a resource wanted changed. */
export interface ChangeReport {
  /** Now as wanted. */
  readonly done: string[];
  /** Unknown to Datadog. */
  readonly missing: FindingProblem[];
  readonly failed: FindingProblem[];
  /** Those of `failed` that may have been changed all the same: no answer told. */
  readonly ambiguous: string[];
  /** Those of `failed` that may be missing: no answer told. */
  readonly unclear: string[];
  readonly warnings: FindingProblem[];
  /** Held back by the guard, and not changed. */
  readonly leftAlone: string[];
  /** When Datadog accepted each of them, ms since the epoch by its clock. */
  readonly accepted: ReadonlyMap<string, number>;
  /**
   * When Datadog last accepted one of them, ms since the epoch by its clock; undefined if nothing was
   * accepted.
   */
  readonly acceptedAt: number | undefined;
}

/** Gives findings to a user, whoever has them now. */
export async function assignFindings(
  session: Session,
  label: string,
  findingIds: readonly string[],
  assigneeId: string,
  guard?: ChangeGuard,
): Promise<ChangeReport> {
  const report = new ReportBuilder();
  const pending = withoutDone(session, findingIds, assigneeId, report);
  const request = { label, verb: "assigned", findingIds: pending, assigneeId, ...(guard && { guard }) };
  await change(session, request, report);
  return report.build();
}

export interface ChangeRequest {
  readonly label: string;
  /** For the progress: "assigned" or "unassigned". */
  readonly verb: string;
  readonly findingIds: readonly string[];
  readonly assigneeId: string | null;
  readonly guard?: ChangeGuard;
}

/** Puts the changes into the queue of the process and notes their outcomes. */
export async function change(session: Session, request: ChangeRequest, report: ReportBuilder): Promise<void> {
  const { label, verb, findingIds, assigneeId, guard } = request;
  if (findingIds.length === 0) return;
  for (const id of findingIds) session.changeLog?.expect(id, { resource: label });
  const task = session.progress.start(label, verb, findingIds.length);
  const changes = findingIds.map((findingId) => ({ findingId, assigneeId, ...(guard && { guard }) }));
  const outcomes = await session.changes.submit(changes, ({ kind }) => {
    if (kind === "done") task.advance();
  });
  task.finish();
  for (const findingId of findingIds)
    report.note(findingId, wanted(request, findingId, outcomes.get(findingId)));
}

/**
 * A release that something took the place of is as good as done; an assignment is not: the finding has
 * another owner. What has a guard gives way.
 */
function wanted(
  { assigneeId, guard }: ChangeRequest,
  findingId: string,
  outcome: ChangeOutcome | undefined,
): ChangeOutcome | undefined {
  if (outcome?.kind !== "superseded" || assigneeId === null) return outcome;
  if (guard) return { kind: "leftAlone" };
  const detail = "another resource of the program gave it to another user at the same time";
  const problem = { findingId, status: 0, title: DECLARED_TWICE, detail };
  return { kind: "failed", problem, ambiguous: false };
}

/** Collects outcomes in the order in which they are noted. */
export class ReportBuilder {
  readonly #report = {
    done: [] as string[],
    missing: [] as FindingProblem[],
    failed: [] as FindingProblem[],
    ambiguous: [] as string[],
    unclear: [] as string[],
    warnings: [] as FindingProblem[],
    leftAlone: [] as string[],
  };
  readonly #accepted = new Map<string, number>();

  note(findingId: string, outcome: ChangeOutcome | undefined): void {
    switch (outcome?.kind) {
      case "done":
        this.done(findingId, outcome.acceptedAt);
        this.#report.warnings.push(...outcome.warnings);
        break;
      case "missing":
        this.#report.missing.push(outcome.problem);
        break;
      case "failed":
        this.#report.failed.push(outcome.problem);
        if (outcome.ambiguous) this.#report.ambiguous.push(findingId);
        if (outcome.unclear) this.#report.unclear.push(findingId);
        break;
      case "leftAlone":
        this.#report.leftAlone.push(findingId);
        break;
      case "superseded":
        this.#report.done.push(findingId);
        break;
      case undefined:
        this.note(findingId, noOutcome(findingId));
        break;
      default:
        outcome satisfies never;
    }
  }

  /** Nothing was sent for them: each is a failure, as what else was done must get into the state. */
  failAll(findingIds: Iterable<string>, error: unknown): void {
    for (const findingId of findingIds) {
      const problem = { findingId, ...problemOf(error) };
      this.note(findingId, { kind: "failed", problem, ambiguous: false });
    }
  }

  done(findingId: string, acceptedAt: number): void {
    this.#report.done.push(findingId);
    this.#accepted.set(findingId, acceptedAt);
  }

  /** @param open are neither done nor left alone yet */
  build(open: readonly string[] = []): ChangeReport {
    const accepted = this.#accepted;
    const done = without(this.#report.done, open);
    const leftAlone = without(this.#report.leftAlone, open);
    return { ...this.#report, done, leftAlone, accepted, acceptedAt: latest(accepted.values()) };
  }
}

/** Leaves out what Datadog has accepted from this process already, and notes it as done. */
function withoutDone(
  session: Session,
  findingIds: readonly string[],
  assigneeId: string,
  report: ReportBuilder,
): string[] {
  return findingIds.filter((id) => {
    const accepted = session.accepted.last(id);
    if (accepted?.assigneeId !== assigneeId) return true;
    report.done(id, accepted.acceptedAt);
    return false;
  });
}

/** Several reports as one. */
export function mergeReports(reports: readonly ChangeReport[]): ChangeReport {
  const accepted = new Map(reports.flatMap((report) => [...report.accepted]));
  return {
    done: reports.flatMap(({ done }) => done),
    missing: reports.flatMap(({ missing }) => missing),
    failed: reports.flatMap(({ failed }) => failed),
    ambiguous: reports.flatMap(({ ambiguous }) => ambiguous),
    unclear: reports.flatMap(({ unclear }) => unclear),
    warnings: reports.flatMap(({ warnings }) => warnings),
    leftAlone: reports.flatMap(({ leftAlone }) => leftAlone),
    accepted,
    acceptedAt: latest(accepted.values()),
  };
}

function latest(times: Iterable<number>): number | undefined {
  let last: number | undefined;
  for (const at of times) last = Math.max(last ?? at, at);
  return last;
}
