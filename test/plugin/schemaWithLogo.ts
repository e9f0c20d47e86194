import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { z } from "zod";
import { SCHEMA_FILE } from "../../plugin/generate/main";

export interface SchemaWithLogo {
  /** The plugin's schema, with a logo that is on this machine. */
  readonly file: string;
  /** How often the logo was asked for. */
  downloads(): number;
  close(): void;
}

/** The generator for .NET downloads a logo, by default from the internet. */
export async function schemaWithLogo(folder: string): Promise<SchemaWithLogo> {
  let downloads = 0;
  const server = createServer((_, response) => {
    downloads += 1;
    response.end("logo");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const schema = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(SCHEMA_FILE, "utf8")));
  const file = join(folder, "schema.json");
  writeFileSync(file, JSON.stringify({ ...schema, logoUrl: `http://127.0.0.1:${port}/logo.png` }));
  return { file, downloads: () => downloads, close: () => server.close() };
}
