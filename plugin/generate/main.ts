import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageSchema } from "./packageSchema";

export const SCHEMA_FILE = join(__dirname, "..", "schema.json");

/** As the file has it. */
export function schemaText(): string {
  return `${JSON.stringify(packageSchema(), null, 2)}\n`;
}

if (require.main === module) writeFileSync(SCHEMA_FILE, schemaText());
