import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as errors from "../../provider/datadog/errors";
import { catalogue, renderCatalogue } from "./catalogue";
import { renderSentences } from "./sentences";

describe("the provider's messages", () => {
  it("are those that a person has reviewed: `npm run messages -- --write` writes new ones, for review", () => {
    assert.equal(renderCatalogue(), readFileSync(join(__dirname, "messages.md"), "utf8"));
  });

  it("are all there, each sentence of the source: `npm run messages -- --write` writes new ones, for review", () => {
    assert.equal(renderSentences(), readFileSync(join(__dirname, "sentences.md"), "utf8"));
  });

  it("are there for each class of error that a request can end in", () => {
    const source = readFileSync(join(__dirname, "catalogue.ts"), "utf8");
    const named = Object.keys(errors).filter((name) => name.endsWith("Error"));
    assert.ok(named.length > 8);
    const missing = named.filter((name) => !source.includes(`new ${name}(`));
    // The first is the base of the others; the other one is thrown by readSettings.
    assert.deepEqual(missing, ["ConfigurationError", "RequestError"]);
  });

  it("leave no <nil>, no undefined, and no wrong plural behind", () => {
    for (const { situation, lines } of catalogue) {
      const text = lines.join("\n");
      assert.doesNotMatch(text, /<nil>|undefined|\[object|\b1 findings\b|\b1 requests\b/, situation);
    }
  });
});
