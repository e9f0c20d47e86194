import { styleText } from "node:util";

const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;

export type Style = Parameters<typeof styleText>[0];

/** Coloured on a terminal, plain in a pipe. */
export function paint(style: Style, text: string): string {
  return colours ? styleText(style, text) : text;
}

export function title(text: string): void {
  console.log(`\n${paint("bold", text)}\n${paint("dim", "─".repeat(text.length))}`);
}

export function say(text = ""): void {
  console.log(text);
}

/** What the user types. */
export function command(text: string): void {
  console.log(`\n${paint("green", "$")} ${paint("bold", text)}`);
}

export function indented(text: string): void {
  for (const line of text.split("\n")) console.log(line === "" ? "" : `  ${line}`);
}

const tints: readonly (readonly [RegExp, Style])[] = [
  [/^ *\+ /, "green"],
  [/^ *~ /, "yellow"],
  [/^ *- /, "red"],
  [/^ *(error:|\[mandatory\])/, "red"],
];

/** What a command has printed. */
export function printed(text: string): void {
  const tinted = text.split("\n").map((line) => {
    const style = tints.find(([pattern]) => pattern.test(line))?.[1];
    return style ? paint(style, line) : line;
  });
  indented(tinted.join("\n"));
}

/** `1 finding`, `1,000 findings`. */
export function numbered(count: number, one: string, more = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : more}`;
}

/** Columns as wide as their widest cell; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const widths = header.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => String(row[column] ?? "").length)),
  );
  const line = (cells: readonly (string | number)[]) =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? "";
        return typeof cell === "number" ? String(cell).padStart(width) : cell.padEnd(width);
      })
      .join("   ")
      .trimEnd();
  console.log();
  console.log(`  ${paint("dim", line(header))}`);
  for (const row of rows) console.log(`  ${line(row)}`);
}
