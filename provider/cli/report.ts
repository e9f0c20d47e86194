import { ruleQueries } from "../core/ownership/ruleQueries";
import { NOTHING } from "../core/query/catchAll";
import type { Finding, FindingsApi } from "../datadog/findingsApi";
import { searchAll } from "../datadog/searchAll";
import { count } from "../lifecycle/progress";
import { loadRules } from "./loadRules";

interface Row {
  readonly name: string;
  readonly assignee: string;
  readonly matched: number;
  readonly owned: number;
  readonly toChange: number;
  readonly leftAlone: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

/**
 * A Markdown report for a pull request comment: per rule matched, owned and to change, the coverage, and what stays unowned by
 * severity. One request for each 100 findings.
 * @param limit the most findings that are counted for a rule
 */
export async function report(api: FindingsApi, file: string, limit: number): Promise<string> {
  const { spec, context } = await loadRules(api, file);
  const queries = ruleQueries(spec, context);
  const excluded = new Set(spec.exclude);
  const find = async (query: string) => {
    if (query === NOTHING) return { findings: [], more: false };
    const { findings, more } = await searchAll(api, { query, atMost: limit });
    return { findings: findings.filter(({ id }) => !excluded.has(id)), more };
  };
  const rows: Row[] = [];
  for (const [index, { name, ownerId, matched }] of queries.rules.entries()) {
    const rule = spec.rules[index];
    const { findings, more } = await find(matched);
    const owned = findings.filter(({ assignee }) => assignee?.id === ownerId).length;
    const others = findings.filter(({ assignee }) => assignee !== null && assignee.id !== ownerId).length;
    const leftAlone = rule?.overwrite ? 0 : others;
    const toChange = findings.length - owned - leftAlone;
    rows.push({
      name,
      assignee: rule?.assignee ?? ownerId,
      matched: findings.length,
      owned,
      toChange,
      leftAlone,
      more,
    });
  }
  return render(rows, (await find(queries.unclaimed)).findings);
}

function render(rows: readonly Row[], unclaimed: readonly Finding[]): string {
  const sum = (field: "matched" | "owned" | "toChange" | "leftAlone") =>
    rows.reduce((total, row) => total + row[field], 0);
  const all = sum("matched") + unclaimed.length;
  const withOwner = all === 0 ? 100 : (100 * (all - unclaimed.length)) / all;
  return [
    "| rule | owner | matched | owned | to change | left alone |",
    "| --- | --- | ---: | ---: | ---: | ---: |",
    ...rows.map((row) => {
      const matched = `${row.more ? "more than " : ""}${count(row.matched)}`;
      const cells = [
        escape(row.name),
        escape(row.assignee),
        matched,
        ...[row.owned, row.toChange, row.leftAlone].map(count),
      ];
      return `| ${cells.join(" | ")} |`;
    }),
    `| **total** | | ${count(sum("matched"))} | ${count(sum("owned"))} | ${count(sum("toChange"))} | ${count(sum("leftAlone"))} |`,
    "",
    `Coverage: ${withOwner.toFixed(1)} % of ${count(all)} findings in scope have a rule.`,
    unclaimed.length === 0
      ? "Nothing stays unowned."
      : `Unowned, claimed by no rule: ${bySeverity(unclaimed)}.`,
  ].join("\n");
}

const severities = ["critical", "high", "medium", "low", "info"];

function bySeverity(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { severity } of findings)
    counts.set(severity ?? "unknown", (counts.get(severity ?? "unknown") ?? 0) + 1);
  const rank = (severity: string) =>
    severities.includes(severity) ? severities.indexOf(severity) : severities.length;
  return [...counts]
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([severity, number]) => `${count(number)} ${severity}`)
    .join(", ");
}

function escape(text: string): string {
  return text.replace(/[|\\`*_<>]/g, "\\$&");
}
