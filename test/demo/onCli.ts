import { readFileSync } from "node:fs";
import { join } from "node:path";
import { indented, say, title } from "./stage";

/** An example whose language the embedded engine does not run: its program, and how it is run on a CLI. */
export function onCli(name: string, file: string): () => Promise<void> {
  return async () => {
    title(`examples/${name}: for a pulumi CLI`);
    say(`\n  examples/${name}/${file}\n`);
    indented(readFileSync(join(__dirname, "..", "..", "examples", name, file), "utf8").trimEnd());
    say(`\n  $ cd examples/${name} && npm install && pulumi up`);
  };
}
