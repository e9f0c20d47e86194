import { count } from "../core/count";
import type { Finding } from "../datadog/model/findingsApi";

export interface Counted {
  readonly findings: readonly Finding[];
  /** There are more than were counted. */
  readonly more: boolean;
}

export interface ReportRow {
  readonly name: string;
  readonly assignee: string;
  readonly matched: number;
  readonly owned: number;
  readonly toChange: number;
  readonly leftAlone: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

/** In Markdown. A number that was not counted to its end says so, and no percentage is made of it. */
export function renderReport(rows: readonly ReportRow[], unclaimed: Counted, limit: number): string {
  const sum = (field: "matched" | "owned" | "toChange" | "leftAlone") =>
    rows.reduce((total, row) => total + row[field], 0);
  const total = {
    name: "**total**",
    assignee: "",
    matched: sum("matched"),
    owned: sum("owned"),
    toChange: sum("toChange"),
    leftAlone: sum("leftAlone"),
    more: rows.some(({ more }) => more),
  };
  return [
    "| rule | owner | matched | owned | to change | left alone |",
    "| --- | --- | ---: | ---: | ---: | ---: |",
    ...rows.map((row) => line({ ...row, name: escape(row.name), assignee: escape(row.assignee) })),
    line(total),
    "",
    coverage(total, unclaimed, limit),
    ...unclaimedLines(unclaimed),
    ...(total.leftAlone > 0 ? [HAND_OVER] : []),
  ].join("\n");
}

const HAND_OVER =
  "Left alone is what somebody else owns. The state is not known here: of it, the next deployment takes over what an earlier " +
  "one of these rules had given away.";

function line({ name, assignee, matched, owned, toChange, leftAlone, more }: ReportRow): string {
  const parts = [owned, toChange, leftAlone].map((part) => atLeast(part, more));
  return `| ${[name, assignee, moreThan(matched, more), ...parts].join(" | ")} |`;
}

function coverage({ matched, more }: ReportRow, unclaimed: Counted, limit: number): string {
  const all = matched + unclaimed.findings.length;
  if (more || unclaimed.more) {
    const ruled = moreThan(matched, more);
    const without = moreThan(unclaimed.findings.length, unclaimed.more);
    return `Coverage: ${ruled} findings in scope have a rule, ${without} have none; at most ${count(limit)} a rule were counted.`;
  }
  if (all === 0) return "Coverage: no findings are in scope.";
  return `Coverage: ${percentage(matched, all)} % of ${count(all)} findings in scope have a rule.`;
}

/** Never 100.0 where something is missing. */
function percentage(part: number, all: number): string {
  const percent = (100 * part) / all;
  return (part === all ? percent : Math.min(percent, 99.9)).toFixed(1);
}

function unclaimedLines({ findings, more }: Counted): string[] {
  const unowned = findings.filter(({ assignee }) => assignee === null);
  const owned = findings.length - unowned.length;
  const lines: string[] = [];
  if (unowned.length > 0) lines.push(`Unowned, claimed by no rule: ${bySeverity(unowned, more)}.`);
  else if (!more) lines.push("Nothing stays unowned.");
  if (owned > 0) lines.push(`Owned by somebody, claimed by no rule: ${atLeast(owned, more)}.`);
  return lines;
}

const severities = ["critical", "high", "medium", "low", "info"];

function bySeverity(findings: readonly Finding[], more: boolean): string {
  const counts = new Map<string, number>();
  for (const { severity } of findings)
    counts.set(severity ?? "unknown", (counts.get(severity ?? "unknown") ?? 0) + 1);
  const rank = (severity: string) =>
    severities.includes(severity) ? severities.indexOf(severity) : severities.length;
  return [...counts]
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([severity, number]) => `${atLeast(number, more)} ${severity}`)
    .join(", ");
}

const moreThan = (number: number, more: boolean) => `${more ? "more than " : ""}${count(number)}`;
/** A part of what was counted may be all of its kind. */
const atLeast = (number: number, more: boolean) => `${more ? "at least " : ""}${count(number)}`;

function escape(text: string): string {
  return text.replace(/[|\\`*_<>]/g, "\\$&").replace(/\s+/g, " ");
}
