import assert from "node:assert/strict";
import { type PropertyMap, UNKNOWN } from "../../engine/properties";
import { ownership, rule } from "./shownResources";
import { assertRefused, singlePolicy } from "./singlePolicy";

describe("policy noOverwriteOnProtected alone: no overwrite on findings of a protected query", () => {
  const server = singlePolicy("noOverwriteOnProtected", { query: "team:legal" });
  const name = "findings-no-overwrite-on-protected";
  const taking = (query: PropertyMap[string], props: PropertyMap = {}) =>
    rule("all", { query, overwrite: true, ...props });

  for (const query of [
    "*",
    "team:legal",
    "team:payments",
    "team:le*",
    "@severity:critical",
    "-team:web",
    "team:(",
  ]) {
    it(`refuses overwrite for ${query}, and names rule and query`, async () => {
      const violations = await server().analyze(ownership("security", [taking(query)]));
      assertRefused(violations, name, '"security"', 'rule "all"', `"${query}"`, '"team:legal"');
    });
  }

  for (const query of [
    "-team:legal",
    "team:web -team:legal",
    "NOT (team:legal OR team:hr)",
    "-team:le*",
    "-team:*",
  ]) {
    it(`accepts overwrite for ${query}, which leaves them out`, async () => {
      assert.deepEqual(await server().analyze(ownership("security", [taking(query)])), []);
    });
  }

  it("accepts overwrite where the scope or an earlier rule leaves them out, and any rule without overwrite", async () => {
    assert.deepEqual(await server().analyze(ownership("o", [taking("*")], { scope: "-team:legal" })), []);
    assert.deepEqual(await server().analyze(ownership("o", [rule("legal"), taking("*")])), []);
    assert.deepEqual(
      await server().analyze(ownership("o", [rule("all", { query: "*", overwrite: false })])),
      [],
    );
  });

  it("refuses overwrite where an earlier rule takes only some of them, or cannot be read", async () => {
    const some = ownership("o", [rule("legal", { query: "team:legal @severity:low" }), taking("*")]);
    assertRefused(await server().analyze(some), name, 'rule "all"');
    assertRefused(
      await server().analyze(ownership("o", [rule("a", { query: "team:(" }), taking("*")])),
      name,
    );
  });

  it("takes the policy configuration over the arguments", async () => {
    await server().configure({ [name]: { properties: { query: "@status:muted" } } });
    assert.deepEqual(await server().analyze(ownership("o", [taking("*")], { scope: "@status:open" })), []);
    assertRefused(
      await server().analyze(ownership("o", [taking("*")], { scope: "" })),
      name,
      "@status:muted",
    );
  });

  it("passes over what a preview does not know yet", async () => {
    assert.deepEqual(await server().analyze(ownership("o", [taking(UNKNOWN)])), []);
    assert.deepEqual(await server().analyze(ownership("o", [taking("*", { overwrite: UNKNOWN })])), []);
    assert.deepEqual(await server().analyze(ownership("o", [taking("*")], { scope: UNKNOWN })), []);
    assert.deepEqual(
      await server().analyze(ownership("o", [rule("a", { query: UNKNOWN }), taking("*")])),
      [],
    );
  });
});
