import { count, countOf } from "../core/count";
import { escapeHtml } from "./html";
import type { ReportData, ReportedFinding } from "./reportData";
import { bySeverity, countSeverities } from "./reportSummary";

/** Those that have a colour of their own in the style; others share one. */
const COLOURED: ReadonlySet<string> = new Set(["critical", "high", "medium", "low", "info"]);

/**
 * A bar for each declared owner, and for what no rule claims, in parts by severity; its length is the number
 * of findings.
 */
export function ownershipBars(report: ReportData): string {
  const groups = groupsOf(report);
  if (groups.length === 0) return "<p>No findings are in scope.</p>";
  const longest = Math.max(...groups.map(({ findings }) => findings.length));
  const severities = [...new Set(report.findings.map(({ severity }) => severity))].sort(bySeverity);
  const legend = severities.map(
    (severity) => `<li><span class="swatch ${colour(severity)}"></span>${escapeHtml(severity)}</li>`,
  );
  return `<ul class="legend" aria-hidden="true">${legend.join("")}</ul>
<ul class="bars">
${groups.map(({ label, findings }) => bar(label, findings, longest)).join("\n")}
</ul>`;
}

interface Group {
  readonly label: string;
  readonly findings: readonly ReportedFinding[];
}

/** Rules with the same owner together, most findings first; what no rule claims at the end. */
function groupsOf({ rules, findings }: ReportData): Group[] {
  const owners = new Map(rules.map(({ name, owner }) => [name, owner]));
  const groups = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    const owner = finding.rule === null ? undefined : owners.get(finding.rule);
    if (owner === undefined) continue;
    const group = groups.get(owner);
    if (group) group.push(finding);
    else groups.set(owner, [finding]);
  }
  const unclaimed = findings.filter(({ rule }) => rule === null);
  return [
    ...[...groups]
      .map(([label, all]) => ({ label, findings: all }))
      .sort((one, other) => other.findings.length - one.findings.length),
    ...(unclaimed.length > 0 ? [{ label: "no rule", findings: unclaimed }] : []),
  ];
}

function bar(label: string, findings: readonly ReportedFinding[], longest: number): string {
  const counts = [...countSeverities(findings)];
  const said = counts.map(([severity, number]) => `${count(number)} ${severity}`).join(", ");
  const parts = counts.map(
    ([severity, number]) =>
      `<span class="${colour(severity)}" style="width:${share(number, longest)}%" title="${escapeHtml(`${count(number)} ${severity}`)}"></span>`,
  );
  return `<li><span class="label">${escapeHtml(label)}</span><span class="bar" aria-hidden="true">${parts.join("")}</span><span class="said">${countOf(findings, "finding")}: ${escapeHtml(said)}</span></li>`;
}

function share(number: number, longest: number): string {
  return ((100 * number) / longest).toFixed(2);
}

function colour(severity: string): string {
  return COLOURED.has(severity) ? `severity-${severity}` : "severity-other";
}
