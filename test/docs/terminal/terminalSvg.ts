const COLUMN = 7.8;
const ROW = 18;
const MARGIN = 16;
const COLUMNS = 112;

/** Colours by what the terminal calls them, on light and on dark ground. */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  "1": ["#a40e26", "#ffa198"],
  "2": ["#116329", "#7ee787"],
  "3": ["#7d4e00", "#e3b341"],
  "5": ["#8250df", "#d2a8ff"],
  "12": ["#0550ae", "#79c0ff"],
  "13": ["#8250df", "#d2a8ff"],
};

interface Style {
  readonly colour: string | undefined;
  readonly bold: boolean;
}

const PLAIN: Style = { colour: undefined, bold: false };
const SEQUENCE = /\u001b\[([\d;]*)m/;
const SEQUENCES = /\u001b\[[\d;]*m/g;

/** What a terminal shows of lines with colours, as a picture that is readable on light and on dark ground. */
export function terminalSvg(lines: readonly string[], title: string): string {
  const width = Math.ceil(COLUMNS * COLUMN + 2 * MARGIN);
  const shown = lines.flatMap(wrapped);
  const height = shown.length * ROW + 2 * MARGIN;
  const rows = shown.map((line, index) => row(line, MARGIN + (index + 1) * ROW - 5));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${title}</title>
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328 }
.ground { fill: #f6f8fa; stroke: #d1d9e0 } .b { font-weight: 700 }
${colourRules(0)}
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .ground { fill: #151b23; stroke: #3d444d }
${colourRules(1)}
}
</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${rows.join("\n")}
</svg>
`;
}

/** As a terminal breaks a line that is too long. */
function wrapped(line: string): string[] {
  // Pulumi colours no line that is so long.
  if (line.split(SEQUENCES).join("").length <= COLUMNS) return [line];
  const text = line.split(SEQUENCES).join("");
  return text.match(new RegExp(`.{1,${COLUMNS}}`, "g")) ?? [];
}

function colourRules(ground: 0 | 1): string {
  return Object.entries(COLOURS)
    .map(([colour, shades]) => `.c${colour} { fill: ${shades[ground]} }`)
    .join("\n");
}

function row(line: string, y: number): string {
  return `<text x="${MARGIN}" y="${y}">${spans(line).map(rendered).join("")}</text>`;
}

interface Span {
  readonly text: string;
  readonly style: Style;
}

function spans(line: string): Span[] {
  const [first = "", ...parts] = line.split(SEQUENCE);
  const found: Span[] = [{ text: first, style: PLAIN }];
  let style = PLAIN;
  for (let index = 0; index < parts.length; index += 2) {
    style = styleAfter(style, parts[index] ?? "");
    found.push({ text: parts[index + 1] ?? "", style });
  }
  return found.filter(({ text }) => text !== "");
}

/** Of the sequences that Pulumi's CLI writes: reset, bold, and one of 256 colours. */
function styleAfter(style: Style, sequence: string): Style {
  const [, colour] = /^38;5;(\d+)$/.exec(sequence) ?? [];
  if (colour !== undefined) return { ...style, colour };
  if (sequence === "1") return { ...style, bold: true };
  return PLAIN;
}

function rendered({ text, style: { colour, bold } }: Span): string {
  const classes = [
    ...(colour !== undefined && colour in COLOURS ? [`c${colour}`] : []),
    ...(bold ? ["b"] : []),
  ];
  if (classes.length === 0) return escaped(text);
  return `<tspan class="${classes.join(" ")}">${escaped(text)}</tspan>`;
}

/** With spaces that no renderer of SVG takes together. */
function escaped(text: string): string {
  return text
    .replaceAll(" ", "\u00a0")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
