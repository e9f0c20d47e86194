import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownershipJsonSchema } from "./ownershipJsonSchema";

/** Writes `ownership.schema.json` beside the compiled package: a step of its build. */
export function writeJsonSchema(directory: string): void {
  writeFileSync(
    join(directory, "ownership.schema.json"),
    `${JSON.stringify(ownershipJsonSchema(), null, 2)}\n`,
  );
}

if (require.main === module) writeJsonSchema(join(__dirname, ".."));
