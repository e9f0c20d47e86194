import { writeFileSync } from "node:fs";
import { messageOf } from "../core/messageOf";
import type { CommandOption } from "./command";
import type { Terminal } from "./terminal";

export const OUTPUT_OPTION: CommandOption = {
  name: "output",
  value: "FILE",
  summary: "writes into FILE instead of the terminal; an existing file is not overwritten",
};

/**
 * Writes a text where it is wanted.
 * @param flag `w` writes over what is there
 * @throws Error with `wx` where the file is there already
 */
export function writeOutput(
  text: string,
  file: string | undefined,
  { print }: Pick<Terminal, "print">,
  flag: "w" | "wx" = "wx",
): void {
  if (file === undefined) return print(text.trimEnd());
  try {
    writeFileSync(file, text, { flag });
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), "code");
    if (code === "EEXIST") {
      throw new Error(`${file} is there already, and is not overwritten: name another file, or remove it`);
    }
    throw new Error(`${file} cannot be written: ${messageOf(error)}`);
  }
}
