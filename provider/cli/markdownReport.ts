import { count, countOf } from "../core/count";
import { changeCounts, type OwnerChanges } from "./ownerChanges";
import { type ReportData, type ReportedFinding, userName } from "./reportData";
import { basisNotes, onCallLine, onCallNotes, ruleNotes } from "./reportNotes";
import {
  countOwners,
  countSeverities,
  type ReportSummary,
  type RuleSummary,
  type StateColumn,
  type StateCounts,
  stateColumns,
  summarise,
} from "./reportSummary";

/**
 * For a pull request comment. A number that was not counted to its end says so, and no percentage is made of
 * it.
 */
export function markdownReport(report: ReportData, changes: OwnerChanges | undefined): string {
  const summary = summarise(report);
  const { rules, total } = summary;
  const columns = stateColumns(total);
  const basis = basisNotes(report).map(escape);
  return [
    ...(basis.length === 0 ? [] : [basis.join(" "), ""]),
    `| ${["rule", "owner", "matched", ...columns.map(([label]) => label)].join(" | ")} |`,
    `| --- | --- | ---: | ${columns.map(() => "---:").join(" | ")} |`,
    ...rules.map((rule) => ruleLine(rule, columns)),
    `| **total** |  | ${stateCells(total, total.more, columns)} |`,
    "",
    coverage(summary, report),
    ...unclaimedLines(summary, report),
    ...severityLines(summary, report),
    ...listLines("Rules to look at:", ruleNotes(report)),
    ...listLines("On call now:", onCallNotes(report).map(onCallLine)),
    ...ownerLines(report),
    ...(changes === undefined ? [] : changeLines(changes)),
  ].join("\n");
}

function ruleLine(rule: RuleSummary, columns: readonly StateColumn[]): string {
  return `| ${[escape(rule.name), escape(rule.owner), stateCells(rule, rule.more, columns)].join(" | ")} |`;
}

function stateCells(counts: StateCounts, more: boolean, columns: readonly StateColumn[]): string {
  const parts = columns.map(([, state]) => atLeast(counts[state], more));
  return [moreThan(counts.matched, more), ...parts].join(" | ");
}

function listLines(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ["", title, "", ...items.map((item) => `- ${escape(item)}`)];
}

function coverage({ total, unowned, ownedUnclaimed }: ReportSummary, report: ReportData): string {
  const unclaimed = unowned.length + ownedUnclaimed;
  const all = total.matched + unclaimed;
  if (total.more || report.moreUnclaimed) {
    const ruled = moreThan(total.matched, total.more);
    const without = moreThan(unclaimed, report.moreUnclaimed);
    return `Coverage: ${ruled} findings in scope have a rule, ${without} have none; at most ${count(report.limit)} a rule were counted.`;
  }
  if (all === 0) return "Coverage: no findings are in scope.";
  return `Coverage: ${percentage(total.matched, all)} % of ${countOf(all, "finding")} in scope have a rule.`;
}

/** Never 100.0 where something is missing. */
export function percentage(part: number, all: number): string {
  const percent = (100 * part) / all;
  return (part === all ? percent : Math.min(percent, 99.9)).toFixed(1);
}

function unclaimedLines(
  { unowned, ownedUnclaimed, total }: ReportSummary,
  { moreUnclaimed }: ReportData,
): string[] {
  const lines: string[] = [];
  if (unowned.length > 0) {
    const parts = [...countSeverities(unowned)].map(
      ([severity, number]) => `${atLeast(number, moreUnclaimed)} ${escape(severity)}`,
    );
    lines.push(`Unowned, claimed by no rule: ${parts.join(", ")}.`);
  } else if (!moreUnclaimed && total.noOwner === 0) lines.push("Nothing stays unowned.");
  if (ownedUnclaimed > 0)
    lines.push(`Owned by somebody, claimed by no rule: ${atLeast(ownedUnclaimed, moreUnclaimed)}.`);
  return lines;
}

function severityLines({ severities, total }: ReportSummary, { moreUnclaimed }: ReportData): string[] {
  if (severities.length === 0) return [];
  const columns = stateColumns(total);
  return [
    "",
    `| ${["severity", "matched", ...columns.map(([label]) => label), "no rule"].join(" | ")} |`,
    `| --- | ---: | ${columns.map(() => "---:").join(" | ")} | ---: |`,
    ...severities.map(({ severity, unclaimed, ...counts }) => {
      const parts = [counts.matched, ...columns.map(([, state]) => counts[state])];
      const cells = parts.map((part) => atLeast(part, total.more));
      return `| ${[escape(severity), ...cells, atLeast(unclaimed, moreUnclaimed)].join(" | ")} |`;
    }),
  ];
}

/** Who is left alone, and owners who cannot work on their findings any more. */
function ownerLines(report: ReportData): string[] {
  const left = report.findings.filter(({ state }) => state === "leftAlone");
  const stale = countOwners(report.findings).flatMap(([owner, number]) => {
    const user = owner === null ? undefined : report.users[owner];
    if (user?.status !== "disabled" && user?.status !== "gone") return [];
    return [`${user.name}: ${STALE[user.status]}, owner of ${countOf(number, "finding")}`];
  });
  return [
    ...listLines("Owners who are not active:", stale),
    ...(left.length > 0 ? ["", `Left alone: ${namedCounts(left, report)}.`] : []),
  ];
}

export const STALE = { disabled: "disabled", gone: "unknown to Datadog" } as const;

function namedCounts(findings: readonly ReportedFinding[], report: ReportData): string {
  return countOwners(findings)
    .map(([owner, number]) => `${count(number)} of ${escape(userName(report, owner))}`)
    .join(", ");
}

const MOST_CHANGES = 50;

function changeLines(changes: OwnerChanges): string[] {
  const { since, changed, appeared, disappeared, partial } = changes;
  const shown = changed.slice(0, MOST_CHANGES);
  const rest = changed.length - shown.length;
  return [
    "",
    `Since ${since}: ${countOf(changed, "finding")} changed owner, ${count(appeared)} appeared, ${count(disappeared)} disappeared.`,
    ...(partial ? ["One of the two reports did not count to the end: some changes may be missing."] : []),
    ...changeCounts(changes).map(
      ({ from, to, count: number }) => `- ${count(number)} from ${escape(from)} to ${escape(to)}`,
    ),
    ...(shown.length > 0 ? ["", "| finding | severity | from | to |", "| --- | --- | --- | --- |"] : []),
    ...shown.map(({ id, severity, from, to }) => `| ${[id, severity, from, to].map(escape).join(" | ")} |`),
    ...(rest > 0 ? ["", `And ${count(rest)} more: --format csv or json lists them all.`] : []),
  ];
}

const moreThan = (number: number, more: boolean) => `${more ? "more than " : ""}${count(number)}`;
/** A part of what was counted may be all of its kind. */
const atLeast = (number: number, more: boolean) => `${more ? "at least " : ""}${count(number)}`;

function escape(text: string): string {
  return text.replace(/[|\\`*_<>]/g, "\\$&").replace(/\s+/g, " ");
}
