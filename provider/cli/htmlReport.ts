import { count, countOf } from "../core/count";
import { escapeHtml, escapeWithCode, table } from "./html";
import { percentage, STALE } from "./markdownReport";
import { changeCounts, type OwnerChanges } from "./ownerChanges";
import { ownershipBars } from "./ownershipBars";
import { type ReportData, type ReportedFinding, userName } from "./reportData";
import { basisNotes, onCallNotes, ruleNotes } from "./reportNotes";
import { reportStyle } from "./reportStyle";
import {
  bySeverity,
  countOwners,
  countSeverities,
  type ReportSummary,
  stateColumns,
  summarise,
} from "./reportSummary";

/** So many findings are listed by name in each list. */
const MOST_LISTED = 200;

/**
 * One page that needs nothing else: no script, no font, no picture, no network. For a screen in a review:
 * light and dark by the reader's setting, printed without what only a screen needs, usable by keyboard and
 * screen reader.
 */
export function htmlReport(report: ReportData, changes: OwnerChanges | undefined): string {
  const summary = summarise(report);
  const title = `Ownership of findings, ${report.day}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<p><code>${escapeHtml(report.file)}</code>${scopeText(report)}</p>
</header>
<main>
${[
  figures(summary, report),
  partialNote(summary, report),
  ...basisNotes(report).map((note) => `<p class="note">${escapeHtml(note)}</p>`),
  section("Who is to own what", ownershipBars(report)),
  section("The next deployment changes", nextChanges(report)),
  section("Unowned, and no rule claims it", unownedSection(summary, report)),
  section("Owners who are not active", staleOwners(report)),
  ...(report.onCall.length === 0 ? [] : [section("On call now", onCallTable(report))]),
  section("Left alone, owned by others", leftAlone(report)),
  ...rulesToLookAt(report),
  section("Rules", rulesTable(summary)),
  ...(changes === undefined
    ? []
    : [section(`Owners changed since ${changes.since}`, changesSection(changes))]),
].join("\n")}
</main>
</body>
</html>`;
}

function scopeText({ scope }: ReportData): string {
  return scope === null ? "" : `, in the scope <code>${escapeHtml(scope)}</code>`;
}

function section(title: string, content: string): string {
  const id = title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${escapeHtml(title)}</h2>\n${content}\n</section>`;
}

function figures({ total, unowned, ownedUnclaimed }: ReportSummary, report: ReportData): string {
  const all = total.matched + unowned.length + ownedUnclaimed;
  const isWhole = !total.more && !report.moreUnclaimed && all > 0;
  const shown: [string, string][] = [
    [isWhole ? `${percentage(total.matched, all)} %` : "–", "have a rule"],
    [atLeast(total.asDeclared, total.more), "as declared"],
    [atLeast(total.toChange, total.more), "to change"],
    [atLeast(total.leftAlone, total.more), "left alone"],
    ...(total.noOwner > 0 ? [[atLeast(total.noOwner, total.more), "no owner"] as [string, string]] : []),
    [atLeast(unowned.length, report.moreUnclaimed), "stay unowned"],
  ];
  const items = shown.map(([value, label]) => `<div><dd>${value}</dd><dt>${label}</dt></div>`);
  return `<dl class="figures">${items.join("")}</dl>`;
}

function partialNote({ total }: ReportSummary, { moreUnclaimed, limit }: ReportData): string {
  if (!total.more && !moreUnclaimed) return "";
  return `<p class="note">At most ${count(limit)} findings of each rule were counted, and there are more: numbers are at least what is shown.</p>`;
}

function nextChanges(report: ReportData): string {
  const rows = report.rules.flatMap(({ name, owner }) => {
    const changing = report.findings.filter(({ rule, state }) => rule === name && state === "toChange");
    if (changing.length === 0) return [];
    const from = countOwners(changing)
      .map(([id, number]) => `${count(number)} from ${escapeHtml(userName(report, id))}`)
      .join(", ");
    return [[escapeHtml(name), count(changing.length), escapeHtml(owner), from, severities(changing)]];
  });
  if (rows.length === 0) return "<p>Nothing: all is as declared.</p>";
  return table(["rule", "#findings", "new owner", "from", "by severity"], rows);
}

function unownedSection({ unowned }: ReportSummary, report: ReportData): string {
  if (unowned.length === 0) return "<p>None.</p>";
  const number = atLeast(unowned.length, report.moreUnclaimed);
  const noun = unowned.length === 1 ? "finding" : "findings";
  return `<p>${number} ${noun}: ${severities(unowned)}.</p>\n${findingList(unowned)}`;
}

function findingList(findings: readonly ReportedFinding[]): string {
  const sorted = [...findings].sort((one, other) => bySeverity(one.severity, other.severity));
  const shown = sorted.slice(0, MOST_LISTED);
  const rows = shown.map(({ id, severity, title }) => [
    escapeHtml(severity),
    escapeHtml(title ?? ""),
    `<code>${escapeHtml(id)}</code>`,
  ]);
  const rest = findings.length - shown.length;
  const more =
    rest > 0 ? `\n<p class="note">And ${count(rest)} more: <code>--format csv</code> lists all.</p>` : "";
  return `<details>\n<summary>Show ${countOf(shown, "finding")}</summary>\n${table(["severity", "title", "id"], rows)}${more}\n</details>`;
}

function staleOwners(report: ReportData): string {
  const rows = countOwners(report.findings).flatMap(([owner, number]) => {
    const user = owner === null ? undefined : report.users[owner];
    if (user?.status !== "disabled" && user?.status !== "gone") return [];
    return [[escapeHtml(user.name), STALE[user.status], count(number)]];
  });
  const unknown = Object.values(report.users).filter(({ status }) => status === "unknown").length;
  const note =
    unknown === 0
      ? ""
      : `<p class="note">Of ${countOf(unknown, "owner")} it is not known: the keys need user_access_read.</p>`;
  return (rows.length === 0 ? "<p>None.</p>" : table(["owner", "state", "#findings"], rows)) + note;
}

function leftAlone(report: ReportData): string {
  const left = report.findings.filter(({ state }) => state === "leftAlone");
  if (left.length === 0) return "<p>None.</p>";
  const rows = countOwners(left).map(([owner, number]) => [
    escapeHtml(userName(report, owner)),
    count(number),
    severities(left.filter((finding) => finding.owner === owner)),
  ]);
  return table(["owner", "#findings", "by severity"], rows);
}

function onCallTable(report: ReportData): string {
  const rows = onCallNotes(report).map(({ name, team, until, findings }) => [
    escapeHtml(name),
    escapeHtml(team),
    until ?? "not known",
    count(findings),
  ]);
  return table(["person", "team", "until", "#findings"], rows);
}

function rulesToLookAt(report: ReportData): string[] {
  const notes = ruleNotes(report);
  if (notes.length === 0) return [];
  const items = notes.map((note) => `<li>${escapeWithCode(note)}</li>`);
  return [section("Rules to look at", `<ul class="notes">${items.join("")}</ul>`)];
}

function rulesTable({ rules, total }: ReportSummary): string {
  const columns = stateColumns(total);
  const cells = (counts: ReportSummary["total"]) =>
    [counts.matched, ...columns.map(([, state]) => counts[state])].map((each) => atLeast(each, counts.more));
  return table(
    ["rule", "owner", "#matched", ...columns.map(([label]) => `#${label}`)],
    [
      ...rules.map((rule) => [escapeHtml(rule.name), escapeHtml(rule.owner), ...cells(rule)]),
      ["total", "", ...cells(total)],
    ],
    true,
  );
}

function changesSection(changes: OwnerChanges): string {
  const { changed, appeared, disappeared, partial } = changes;
  const counts = changeCounts(changes).map((each) => [
    escapeHtml(each.from),
    escapeHtml(each.to),
    count(each.count),
  ]);
  const shown = changed.slice(0, MOST_LISTED);
  const rows = shown.map(({ id, title, severity, from, to }) => [
    escapeHtml(severity),
    escapeHtml(title ?? ""),
    escapeHtml(from),
    escapeHtml(to),
    `<code>${escapeHtml(id)}</code>`,
  ]);
  return [
    `<p>${countOf(changed, "finding")} changed owner, ${count(appeared)} appeared, ${count(disappeared)} disappeared.</p>`,
    ...(partial
      ? ['<p class="note">One of the two reports did not count to the end: some changes may be missing.</p>']
      : []),
    ...(counts.length > 0 ? [table(["from", "to", "#findings"], counts)] : []),
    ...(rows.length > 0
      ? [
          `<details>\n<summary>Show ${countOf(shown, "finding")}</summary>`,
          table(["severity", "title", "from", "to", "id"], rows),
          "</details>",
        ]
      : []),
  ].join("\n");
}

function severities(findings: readonly ReportedFinding[]): string {
  return [...countSeverities(findings)]
    .map(([severity, number]) => `${count(number)} ${escapeHtml(severity)}`)
    .join(", ");
}

const atLeast = (number: number, more: boolean) => `${more ? "≥ " : ""}${count(number)}`;
