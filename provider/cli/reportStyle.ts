/**
 * The style of the page: one column that is as wide as the window up to 70 rem, colours of both schemes with
 * enough contrast.
 */
export const reportStyle = `
:root {
  --page: #ffffff; --text: #1c2128; --muted: #57606a; --line: #d0d7de; --panel: #f6f8fa; --focus: #0550ae;
  --critical: #8f1d4f; --high: #cf3b2e; --medium: #d98314; --low: #3b82c4; --info: #7d8894; --other: #b0b8c1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1419; --text: #e6edf3; --muted: #9aa7b4; --line: #303a45; --panel: #171e26; --focus: #79b8ff;
    --critical: #f06aa6; --high: #f2745f; --medium: #e8a33d; --low: #5aa2e0; --info: #8b97a4; --other: #5c6773;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 70rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2.25rem 0 .75rem; font-size: 1.15rem; }
header p { margin: .25rem 0 0; color: var(--muted); overflow-wrap: anywhere; }
code { font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
p { margin: .5rem 0; }
.note { color: var(--muted); font-size: .9rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.25rem 0 0; }
.figures div { display: flex; flex-direction: column; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); }
.figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures dt { color: var(--muted); font-size: .9rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0 0 .75rem; padding: 0; list-style: none; color: var(--muted); font-size: .9rem; }
.swatch { display: inline-block; width: .75rem; height: .75rem; margin-right: .4rem; border-radius: .15rem; vertical-align: -.05rem; }
.bars { margin: 0; padding: 0; list-style: none; }
.bars li { display: grid; grid-template-columns: minmax(0, 16rem) minmax(0, 1fr); gap: 0 1rem; align-items: center; margin: 0 0 .75rem; }
.bars .label { overflow-wrap: anywhere; font-weight: 500; }
.bars .bar { display: flex; height: 1.35rem; border-radius: .25rem; background: var(--panel); overflow: hidden; }
.bars .bar span { min-width: 2px; border-right: 1px solid var(--page); }
.bars .said { grid-column: 2; color: var(--muted); font-size: .85rem; }
.severity-critical { background: var(--critical); } .severity-high { background: var(--high); }
.severity-medium { background: var(--medium); } .severity-low { background: var(--low); }
.severity-info { background: var(--info); } .severity-other { background: var(--other); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; }
table { width: 100%; border-collapse: collapse; font-size: .925rem; }
th, td { padding: .45rem .75rem; text-align: left; vertical-align: top; }
td { min-width: 9rem; }
td code { overflow-wrap: anywhere; }
thead th { color: var(--muted); font-weight: 500; background: var(--panel); border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody th { font-weight: 500; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
.number { text-align: right; font-variant-numeric: tabular-nums; min-width: 4rem; white-space: nowrap; }
summary { cursor: pointer; padding: .35rem 0; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: .25rem; }
.total > * { font-weight: 600; }
.notes { margin: 0; padding-left: 1.25rem; overflow-wrap: anywhere; }
.notes li + li { margin-top: .35rem; }
@media screen and (max-width: 40rem) {
  .bars li { grid-template-columns: minmax(0, 1fr); gap: .15rem 0; }
  .bars .said { grid-column: 1; }
  .scroll { overflow: visible; border: 0; }
  table, tbody, tr, th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  tbody tr { margin: 0 0 .5rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; }
  tbody tr + tr > * { border-top: 0; }
  tbody th { padding: 0; font-weight: 600; overflow-wrap: anywhere; }
  th[data-label=from]::before { content: "from "; color: var(--muted); font-weight: 400; }
  td { min-width: 0; padding: .1rem 0 0; overflow-wrap: anywhere; }
  td::before { content: attr(data-label) ": "; color: var(--muted); }
  td:empty { display: none; }
  td.number { display: inline-block; min-width: 0; margin-right: 1rem; text-align: left; }
}
@media print {
  :root {
    --page: #ffffff; --text: #000000; --muted: #444444; --line: #bbbbbb; --panel: #ffffff;
    --critical: #8f1d4f; --high: #cf3b2e; --medium: #d98314; --low: #3b82c4; --info: #7d8894; --other: #b0b8c1;
  }
  :root { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  td { min-width: 0; overflow-wrap: break-word; }
  .number { min-width: 0; }
  .scroll { overflow: visible; }
  .bar, .swatch { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  section, tr, .bars li { break-inside: avoid; }
  section:has(details[open]) { break-inside: auto; }
  details:not([open]) { display: none; }
}
`;
