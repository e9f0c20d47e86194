import assert from "node:assert/strict";
import { type PropertyMap, UNKNOWN } from "../../engine/properties";
import { assignment, ownership, rule } from "./shownResources";
import { assertRefused, singlePolicy } from "./singlePolicy";

describe("policy requireRuleNameAndNote alone: a rule needs a name and a note", () => {
  const server = singlePolicy("requireRuleNameAndNote");
  const name = "findings-rule-name-and-note";
  const one = (props: PropertyMap) => ownership("security", [rule("payments"), rule("web", props)]);

  it("refuses a rule without a note, and names it", async () => {
    const { note: _, ...noteless } = rule("web");
    const violations = await server().analyze(ownership("security", [noteless]));
    assertRefused(violations, name, '"security"', 'rule "web"', "no note");
    assertRefused(await server().analyze(one({ note: "  " })), name, "no note");
  });

  it("refuses a rule without a name, and tells its place and query", async () => {
    assertRefused(await server().analyze(one({ name: " " })), name, "rule 2", '"team:web"', "no name");
  });

  it("accepts rules with both, and an assignment", async () => {
    assert.deepEqual(await server().analyze(one({})), []);
    assert.deepEqual(await server().analyze(assignment("payments")), []);
  });

  it("wants a note as its configuration says", async () => {
    await server().configure({ [name]: { properties: { notePattern: "SEC-\\d+" } } });
    const rules = [rule("a", { note: "see SEC-12" }), rule("b", { note: "because" })];
    assertRefused(
      await server().analyze(ownership("security", rules)),
      name,
      'rule "b"',
      '"because"',
      "SEC-\\d+",
    );
  });

  it("passes over what a preview does not know yet", async () => {
    assert.deepEqual(await server().analyze(one({ name: UNKNOWN, note: UNKNOWN })), []);
    assertRefused(await server().analyze(one({ name: UNKNOWN, note: "" })), name, "rule 2", "no note");
  });
});
