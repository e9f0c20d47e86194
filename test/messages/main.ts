import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderCatalogue } from "./catalogue";
import { renderSentences } from "./sentences";

/** Prints what the provider says; with `--write`, into the files that a person has reviewed. */
const texts = { "messages.md": renderCatalogue(), "sentences.md": renderSentences() };
for (const [file, text] of Object.entries(texts)) {
  if (process.argv.includes("--write")) writeFileSync(join(__dirname, file), text);
  else process.stdout.write(`# ${file}\n\n${text}\n`);
}
