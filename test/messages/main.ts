import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderCatalogue } from "./catalogue";

/** Prints what the provider says; with `--write`, into the snapshot that a person has reviewed. */
const text = renderCatalogue();
if (process.argv.includes("--write")) writeFileSync(join(__dirname, "messages.md"), text);
else process.stdout.write(text);
