import type { FindingProblem } from "../datadog/findingsApi";
import { plainLine } from "../datadog/plainText";
import { count } from "./progress";

/** Lists are cut after this many: the rest is in the outputs. */
const SHOWN = 10;

export function firstTen(items: readonly string[]): string {
  const more = items.length - SHOWN;
  return items.slice(0, SHOWN).join(", ") + (more > 0 ? `, and ${count(more)} more` : "");
}

/** Findings that failed for one reason, in a line: `403 Forbidden: 120 findings: id1, …, id10, and 110 more`. */
function describeProblems(problems: readonly FindingProblem[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const problem of problems) {
    const reason = reasonOf(problem);
    const ids = reasons.get(reason);
    if (ids) ids.push(problem.findingId);
    else reasons.set(reason, [problem.findingId]);
  }
  return [...reasons].map(([reason, ids]) =>
    ids.length === 1 ? `${ids[0]}: ${reason}` : `${reason}: ${count(ids.length)} findings: ${firstTen(ids)}`,
  );
}

/** `404 Not Found: finding not found` */
function reasonOf({ status, title, detail }: FindingProblem): string {
  const head = [status > 0 ? String(status) : "", title].filter((part) => part !== "").join(" ");
  return [head, detail].filter((part) => part !== "").join(": ");
}

export interface FailureSummary {
  readonly failures: readonly FindingProblem[];
  /** What could not be done: "assigned to …", "unassigned". */
  readonly wanted: string;
  readonly succeeded: number;
  readonly total: number;
}

/** What happened, why and to which findings (a line for each of the first ten reasons), and what to do next. */
export function explainFailures({ failures, wanted, succeeded, total }: FailureSummary): string[] {
  const problems = describeProblems(failures);
  const more = problems.length - SHOWN;
  return [
    `${count(failures.length)} of ${count(total)} findings could not be ${wanted}; ` +
      (succeeded > 0 ? `${count(succeeded)} are done and stay so` : "nothing was changed"),
    ...problems.slice(0, SHOWN),
    ...(more > 0 ? [`and ${count(more)} more reasons`] : []),
    `next: ${advise(failures)}`,
  ].map(plainLine);
}

function advise(failures: readonly FindingProblem[]): string {
  const again = "the same command again sends only what is left";
  const statuses = new Set(failures.map((failure) => failure.status));
  if (statuses.has(401) || statuses.has(403)) {
    return `give the application key the permission security_monitoring_findings_write or appsec_vm_write; ${again}`;
  }
  if (statuses.has(404)) {
    return `take findings that no longer exist out of the program, or set onMissing: "ignore"; ${again}`;
  }
  return again;
}
