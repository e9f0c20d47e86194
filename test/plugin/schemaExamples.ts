import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "..", "..", "plugin", "generate", "examples");

/** The examples of the schema in one language, by the resource or function that they are for. */
export function schemaExamples(language: string): ReadonlyMap<string, string> {
  const block = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "ms");
  const found = readdirSync(folder).flatMap((file) => {
    const [, text] = block.exec(readFileSync(join(folder, file), "utf8")) ?? [];
    return text === undefined ? [] : [[file.replace(/\.md$/, ""), text] as const];
  });
  return new Map(found);
}
