import { writeFileSync } from "node:fs";
import type { CommandOption } from "./command";
import type { Terminal } from "./terminal";

export const OUTPUT_OPTION: CommandOption = {
  name: "output",
  value: "FILE",
  summary: "writes there, and not to the terminal; a file that is there is not overwritten",
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
      throw new Error(`${file} is there already, and is not overwritten: name another file, or take it away`);
    }
    throw new Error(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
