import { AsyncLocalStorage } from "node:async_hooks";
import { styleText } from "node:util";

/** Coloured on a terminal, plain in a pipe and where somebody wants it plain. */
export function isColoured(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env["NO_COLOR"];
}

const coloured = isColoured(process.stdout, process.env);
export type Style = Parameters<typeof styleText>[0];

export function paint(style: Style, text: string): string {
  return coloured ? styleText(style, text) : text;
}

/** What a play says, kept until it is its turn to speak. */
class Page {
  readonly #print: (line: string) => void;
  #kept: string[] | undefined = [];

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  say(line: string): void {
    if (this.#kept) this.#kept.push(line);
    else this.#print(line);
  }

  open(): void {
    for (const line of this.#kept ?? []) this.#print(line);
    this.#kept = undefined;
  }
}

const page = new AsyncLocalStorage<Page>();

/**
 * Plays that go on at the same time, since one alone leaves half of two cores idle, and are told one after
 * the other.
 */
export async function inTurn(
  plays: readonly (() => Promise<void>)[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const started = plays.map((play) => {
    const own = new Page(print);
    const done = page.run(own, play);
    // a failure is told when it is this play's turn
    done.catch(() => undefined);
    return { own, done };
  });
  for (const { own, done } of started) {
    own.open();
    await done;
  }
}

export function say(text = ""): void {
  const own = page.getStore();
  if (own) own.say(text);
  else console.log(text);
}

export function title(text: string): void {
  say(`\n${paint("bold", text)}\n${paint("dim", "─".repeat(text.length))}`);
}

/** What the user types. */
export function command(text: string): void {
  say(`\n${paint("green", "$")} ${paint("bold", text)}`);
}

export function indented(text: string): void {
  for (const line of text.split("\n")) say(line === "" ? "" : `  ${line}`);
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
  const shown = (cell: string | number) => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell);
  const widths = header.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => shown(row[column] ?? "").length)),
  );
  const line = (cells: readonly (string | number)[], numbers: readonly (string | number)[] = cells) =>
    widths
      .map((width, column) => {
        const cell = shown(cells[column] ?? "");
        return typeof numbers[column] === "number" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("   ")
      .trimEnd();
  say();
  say(`  ${paint("dim", line(header, rows[0]))}`);
  for (const row of rows) say(`  ${line(row)}`);
}
