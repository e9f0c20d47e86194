import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { EMULATOR_API_KEY, EMULATOR_APP_KEY } from "../emulator";

/**
 * Parts of the keys that a shortened or half-masked one would still show, and the forms in which they may
 * travel.
 */
export const keyTraces: ReadonlySet<string> = new Set(
  [EMULATOR_API_KEY, EMULATOR_APP_KEY].flatMap((key) =>
    [key.slice(0, 12), key.slice(-12), key.slice(8, 24)].flatMap(formsOf),
  ),
);

function formsOf(part: string): string[] {
  const bytes = [...Buffer.from(part)].map((byte) => byte.toString(16).padStart(2, "0"));
  return [
    part,
    part.toUpperCase(),
    [...part].reverse().join(""),
    ...[0, 1, 2].map((before) => base64Within(part, before)),
    bytes.map((byte) => `%${byte}`).join(""),
    bytes.map((byte) => `%${byte.toUpperCase()}`).join(""),
    bytes.join(""),
    bytes.join(" "),
  ];
}

/**
 * How a text looks in the base64 of a longer one that has so many bytes before it, modulo 3: without what its
 * neighbours decide.
 */
function base64Within(text: string, before: number): string {
  const bits = 8 * Buffer.byteLength(text);
  const first = Math.ceil((8 * before) / 6);
  const last = Math.floor((8 * before + bits) / 6);
  return Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
    .toString("base64")
    .slice(first, last);
}

/** Hears what is printed, and reads what is stored, for traces of the keys. */
export class KeyWatch {
  readonly #told: string[] = [];
  /** The end of what was heard before: a key may be cut in two. */
  #before = "";

  hear(text: string): void {
    const all = this.#before + text;
    this.#note("printed", all);
    this.#before = all.slice(-LONGEST_TRACE);
  }

  /**
   * @param copied a folder of it that is a copy: files that are still the same are left out, as the sources
   * of this repository hold the emulator's keys
   */
  read(folder: string, copied?: { readonly from: string; readonly to: string }): void {
    for (const path of filesIn(folder)) {
      const text = readFileSync(path, "latin1");
      const source = copied && join(copied.from, relative(copied.to, path));
      const isCopy = source !== undefined && existsSync(source) && readFileSync(source, "latin1") === text;
      if (!isCopy) this.#note(path, text);
    }
  }

  /** @throws AssertionError that shows where a key was told, without the key */
  assertNothingTold(): void {
    assert.deepEqual(this.#told, [], "keys are in nothing that is printed or stored");
  }

  #note(where: string, text: string): void {
    const places = [...keyTraces].map((trace) => text.indexOf(trace)).filter((at) => at >= 0);
    if (places.length === 0) return;
    const first = Math.min(...places);
    this.#told.push(`${where}: … ${text.slice(Math.max(0, first - 100), first)}[here]`);
  }
}

const LONGEST_TRACE = Math.max(...[...keyTraces].map((trace) => trace.length));

/** Without what is only linked, such as packages. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** What this process itself prints, from now on: what a test hands on, and the test runner's reports. */
export const ownOutput = new KeyWatch();
for (const stream of [process.stdout, process.stderr]) {
  const { write } = stream;
  const value = (...args: readonly unknown[]): unknown => {
    const [chunk] = args;
    ownOutput.hear(chunk instanceof Uint8Array ? Buffer.from(chunk).toString("latin1") : String(chunk));
    return Reflect.apply(write, stream, args);
  };
  Object.defineProperty(stream, "write", { value, configurable: true, writable: true });
}
