import type { AssignmentPlan } from "../core/assignmentPlan";
import { countOf } from "../core/count";
import { explainFailures, type FailedWork, firstIds } from "../messages/messages";
import type { Session } from "../session/session";
import type { ChangeReport } from "../transfer/assignFindings";
import type { ReleaseReport } from "../transfer/releaseFindings";
import type { AssignmentInputs } from "./assignmentInputs";
import { type AssignedTo, describeChanges, unassignedOf } from "./describeChanges";
import { nearFindings } from "./nearFinding";

/** What became of the findings of a list in a deployment. */
export interface ListOutcome {
  readonly inputs: AssignmentInputs;
  readonly plan: AssignmentPlan;
  /** What the list had until now. */
  readonly formerIds: readonly string[];
  /** UUID of the declared assignee. */
  readonly assigneeId: string;
  readonly assigned: ChangeReport;
  readonly released: ReleaseReport;
  /** Given back to users of other lists. */
  readonly restored: readonly (ChangeReport & AssignedTo)[];
}

/** Says what Datadog has accepted, what is left out or waits, and what went wrong beside it. */
export function tellOutcome(session: Session, label: string, outcome: ListOutcome): void {
  const { assigneeId, assigned, released, restored } = outcome;
  const lists = [{ assigneeId, done: assigned.done }, ...restored];
  const changes = describeChanges(session, lists, released.accepted.keys());
  const lines = [
    ...(changes === undefined ? [] : [changes]),
    ...describeMissing(session, outcome),
    ...[assigned, released, ...restored]
      .flatMap((report) => report.warnings)
      .map(({ findingId, title, detail }) => `warning: ${findingId}: ${title}: ${detail}`),
  ];
  for (const line of lines) session.print(`${label}: ${line}`);
}

/** Findings that do not exist, or may not, where the list ignores that. */
function describeMissing(session: Session, outcome: ListOutcome): string[] {
  const { inputs, formerIds, assigned } = outcome;
  if (inputs.onMissing !== "ignore") return [];
  const missing = assigned.missing.map(({ findingId }) => findingId);
  const unclear = unclearOf(outcome);
  const lines: string[] = [];
  if (missing.length > 0) {
    const what = missing.length === 1 ? "does not exist and is left out" : "do not exist and are left out";
    lines.push(`${countOf(missing, "finding")} ${what}: ${firstIds(missing)}`);
    lines.push(...nearFindings(session, missing, formerIds).map((line) => `warning: ${line}`));
  }
  if (unclear.length > 0) {
    const which = unclear.length === 1 ? "which may not exist, waits" : "of which some may not exist, wait";
    lines.push(`${countOf(unclear, "finding")}, ${which} for the next deployment: ${firstIds(unclear)}`);
  }
  return lines;
}

/** What a list that ignores missing findings tries again without a failure. */
function unclearOf({ inputs, assigned, released }: ListOutcome): string[] {
  return inputs.onMissing === "ignore" ? [...assigned.unclear, ...released.unclear] : [];
}

/** Why the deployment fails, assignments and releases apart; none: it does not. */
export function explainOutcome(session: Session, outcome: ListOutcome): string[] {
  const { inputs, plan, formerIds, assigned, released, restored } = outcome;
  const wanted = `assigned to ${inputs.assignee}`;
  const missing = inputs.onMissing === "ignore" ? [] : assigned.missing;
  const works: FailedWork[] = [
    workOf(outcome, assigned, wanted, plan.assign.length, missing),
    workOf(outcome, released, "unassigned", plan.release.length),
    ...restored.map((report) =>
      workOf(outcome, report, "assigned again as another resource declares", sizeOf(report), report.missing),
    ),
  ];
  const [first, ...others] = works.filter(({ failures }) => failures.length > 0);
  if (!first) return [];
  const unassigned = unassignedOf(session, released.accepted.keys());
  const failed = new Set([first, ...others].map((work) => work.wanted));
  return explainFailures({
    ...first,
    others,
    done: [
      ...(failed.has(wanted) ? [] : wereDone(assigned.done.length, wanted)),
      ...(failed.has("unassigned") ? [] : wereDone(unassigned.length, "unassigned")),
    ],
    hints: nearFindings(
      session,
      missing.map(({ findingId }) => findingId),
      formerIds,
    ),
  });
}

function workOf(
  outcome: ListOutcome,
  { failed, done, ambiguous }: ChangeReport,
  wanted: string,
  total: number,
  missing: ChangeReport["missing"] = [],
): FailedWork {
  const waiting = new Set(unclearOf(outcome));
  const failures = [...failed, ...missing].filter(({ findingId }) => !waiting.has(findingId));
  return { failures, wanted, succeeded: done.length, total, ambiguous: ambiguous.length };
}

function sizeOf({ done, failed, missing }: ChangeReport): number {
  return done.length + failed.length + missing.length;
}

/** `2 findings were unassigned` */
function wereDone(number: number, what: string): string[] {
  return number === 0 ? [] : [`${countOf(number, "finding")} ${number === 1 ? "was" : "were"} ${what}`];
}
