import assert from "node:assert/strict";
import { type PropertyMap, UNKNOWN } from "../../engine/properties";
import { fallbackRule, ownership, rule } from "./shownResources";
import { assertRefused, singlePolicy } from "./singlePolicy";

describe("policy requireFallbackRule alone: every ownership ends with a fallback rule", () => {
  const server = singlePolicy("requireFallbackRule");
  const name = "findings-fallback-rule";
  const ending = (query: PropertyMap[string], props: PropertyMap = {}) =>
    ownership("security", [rule("payments"), rule("rest", { query })], props);

  for (const query of ["team:web", "@severity:critical", "-*", "team:web OR"]) {
    it(`refuses a last rule that takes ${query}, and names it`, async () => {
      assertRefused(await server().analyze(ending(query)), name, '"security"', 'rule "rest"', `"${query}"`);
    });
  }

  it("refuses a fallback rule that is not the last, and an ownership without rules", async () => {
    const rules = [fallbackRule, rule("payments")];
    assertRefused(await server().analyze(ownership("security", rules)), name, 'rule "payments"');
    assertRefused(await server().analyze(ownership("security", [])), name, '"security" has no rules');
  });

  for (const query of [
    "*",
    "(*)",
    "*:*",
    "team:web OR *",
    "team:web OR -team:web",
    "@status:open",
    "@status:*",
  ]) {
    it(`accepts a last rule that takes ${query} within the scope @status:open`, async () => {
      assert.deepEqual(await server().analyze(ending(query)), []);
    });
  }

  it("accepts what its configuration calls a fallback, and what takes more", async () => {
    const narrow = ending("@severity:critical");
    await server().configure({ [name]: { properties: { fallback: ["@severity:critical"] } } });
    assert.deepEqual(await server().analyze(narrow), []);
    assert.deepEqual(await server().analyze(ending("@severity:(critical OR high)")), []);
    assertRefused(await server().analyze(ending("@severity:high")), name, '"@severity:critical"');
    await server().configure();
    assertRefused(await server().analyze(narrow), name);
  });

  it("passes over what a preview does not know yet", async () => {
    assert.deepEqual(await server().analyze(ending(UNKNOWN)), []);
    assert.deepEqual(await server().analyze(ending("team:web", { scope: UNKNOWN })), []);
    assert.deepEqual(await server().analyze({ ...ending("*"), props: { rules: UNKNOWN } }), []);
    assert.deepEqual(await server().analyze({ ...ending("*"), props: { rules: [rule("a"), UNKNOWN] } }), []);
  });
});
