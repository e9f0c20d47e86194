import { csvLine, noFormula } from "./csv";
import type { OwnerChanges } from "./ownerChanges";
import { type ReportData, userName } from "./reportData";
import { onCallText } from "./reportNotes";

/**
 * A row for each finding: for a spreadsheet. With an earlier report, a row for each finding that changed its
 * owner.
 */
export function csvReport(report: ReportData, changes: OwnerChanges | undefined): string {
  return changes === undefined ? findingRows(report) : changeRows(changes);
}

function findingRows(report: ReportData): string {
  const declared = new Map(report.rules.map(({ name, owner }) => [name, owner]));
  return [
    "finding,title,severity,rule,declared owner,state,owner,owner's status",
    ...report.findings.map(({ id, title, severity, rule, state, owner }) =>
      row([
        id,
        title ?? "",
        severity,
        rule ?? "",
        rule === null ? "" : (declared.get(rule) ?? ""),
        STATES[state],
        userName(report, owner),
        owner === null ? "" : statusOf(report, owner),
      ]),
    ),
  ].join("\n");
}

function statusOf(report: ReportData, owner: string): string {
  return [report.users[owner]?.status, onCallText(report, owner)]
    .filter((text) => text !== undefined)
    .join(", ");
}

const STATES = {
  asDeclared: "as declared",
  toChange: "to change",
  leftAlone: "left alone",
  noOwner: "no owner",
  unclaimed: "no rule",
} as const;

function changeRows({ changed }: OwnerChanges): string {
  return [
    "finding,title,severity,from,to",
    ...changed.map(({ id, title, severity, from, to }) => row([id, title ?? "", severity, from, to])),
  ].join("\n");
}

function row(fields: readonly string[]): string {
  return csvLine(fields.map(noFormula));
}
