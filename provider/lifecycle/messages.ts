import type { FindingProblem } from "../datadog/findingsApi";
import { count } from "./progress";

/** Lists are cut after this many: the rest is in the outputs. */
const SHOWN = 10;

export function firstTen(items: readonly string[]): string {
  const more = items.length - SHOWN;
  return items.slice(0, SHOWN).join(", ") + (more > 0 ? `, and ${count(more)} more` : "");
}

/** `ZGVm…==: 404 Not Found: finding not found` */
export function describeProblem({ findingId, status, title, detail }: FindingProblem): string {
  const head = [status > 0 ? String(status) : "", title].filter((part) => part !== "").join(" ");
  return [findingId, head, detail].filter((part) => part !== "").join(": ");
}

export interface FailureSummary {
  readonly failures: readonly FindingProblem[];
  /** What could not be done: "assigned to …", "unassigned". */
  readonly wanted: string;
  readonly succeeded: number;
  readonly total: number;
}

/** What happened, to which findings, why, and what to do next: a line each. */
export function explainFailures({ failures, wanted, succeeded, total }: FailureSummary): string[] {
  const more = failures.length - SHOWN;
  return [
    `${count(failures.length)} of ${count(total)} findings could not be ${wanted}; ` +
      (succeeded > 0 ? `${count(succeeded)} are done and stay so` : "nothing was changed"),
    ...failures.slice(0, SHOWN).map(describeProblem),
    ...(more > 0 ? [`and ${count(more)} more`] : []),
    `next: ${advise(failures)}`,
  ];
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
