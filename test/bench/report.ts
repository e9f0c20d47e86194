import type { Result } from "./playRow";
import type { Contender, Row } from "./rows";

const NAMES: Record<Contender, string> = {
  provider: "this provider",
  script: "script, official client",
  naive: "40-line dynamic provider",
};

/** The comparison as a Markdown table. */
export function describeResults(rows: readonly Row[], results: readonly Result[], fast: boolean): string {
  const head = ["what", "limit per 10 s", "who", "requests", "429s", "seconds", "CPU s", "peak MB"];
  const lines = results.map((result) => {
    const row = rows.find(({ name }) => name === result.row);
    const limit = fast ? "none" : String(row?.limit);
    const cells = [row?.what ?? result.row, limit, NAMES[result.contender], ...numbersOf(result, row)];
    return `| ${cells.join(" | ")} |`;
  });
  return [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...lines].join("\n");
}

function numbersOf(result: Result, row: Row | undefined): string[] {
  if (result.cannot !== undefined) return [`no: ${result.cannot}`, "", "", "", ""];
  const { requests = 0, refused = 0, seconds = 0, cpuSeconds = 0, peakMb = 0, asDeclared = 0 } = result;
  const expected = (row?.findings ?? 0) + (row?.appeared ?? 0);
  const missed = asDeclared < expected ? ` (${asDeclared.toLocaleString("en")} as declared)` : "";
  const failed = result.failure === undefined ? "" : " (failed)";
  return [
    `${requests.toLocaleString("en")}${missed}${failed}`,
    refused.toLocaleString("en"),
    seconds.toFixed(1),
    cpuSeconds.toFixed(1),
    String(Math.round(peakMb)),
  ];
}
