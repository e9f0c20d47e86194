import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/**
 * Version of this package. The file is three folders up from both `provider/datadog/http` and
 * `dist/datadog/http`.
 */
export const version: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8"))).version;
