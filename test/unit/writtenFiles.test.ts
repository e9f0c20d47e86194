import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const provider = join(__dirname, "..", "..", "provider");

/** What of node:fs reads, and leaves everything as it is. */
const READING = [
  "accessSync",
  "constants",
  "existsSync",
  "fstatSync",
  "readdirSync",
  "readFileSync",
  "statSync",
];

/** Who writes a file that a user names, and the script that writes the schema for the build. */
const WRITERS = ["rulesFile/writeJsonSchema.ts", "session/openSession.ts"];

/** Names that a source takes from node:fs; "*" where it takes all of it. */
function takenFromFs(source: string): string[] {
  const named = [
    ...source.matchAll(/import \{([^}]*)\} from "(?:node:)?fs"/g),
    ...source.matchAll(/const \{([^}]*)\} = require\("(?:node:)?fs"\)/g),
  ];
  const mentions = [...source.matchAll(/"(?:node:)?(?:fs|fs\/promises|child_process|sqlite)"/g)];
  const names = named.flatMap(([, list = ""]) => list.split(",").map((name) => name.trim()));
  return mentions.length > named.length ? [...names, "*"] : names;
}

describe("no file is written outside of what Pulumi itself writes", () => {
  it("except the one of datadog:changesFile, and what commands are told to write", () => {
    const files = readdirSync(provider, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => file.replaceAll("\\", "/"));
    const writers = files.filter((file) =>
      takenFromFs(readFileSync(join(provider, file), "utf8")).some(
        (name) => name !== "" && !name.startsWith("type ") && !READING.includes(name),
      ),
    );
    assert.deepEqual(writers.filter((file) => !file.startsWith("cli/")).sort(), WRITERS);
  });
});
