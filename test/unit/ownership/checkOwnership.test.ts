import assert from "node:assert/strict";
import { checkOwnership } from "../../../provider/rulesFile/checkOwnership";
import { formatPath } from "../../../provider/rulesFile/documentPath";

const DAY = "2026-11-26";

function said(content: unknown): string[] {
  return checkOwnership(content, { day: DAY }).errors.map(
    ({ path, message }) => `${formatPath(path)}: ${message}`,
  );
}

describe("checkOwnership", () => {
  it("takes a program's declaration, whose owners may be handles", () => {
    const { declaration, errors, warnings } = checkOwnership(
      { rules: [{ name: "a", query: "*", assignee: "ada" }] },
      { day: DAY },
    );
    assert.equal(declaration?.rules[0]?.assignee, "ada");
    assert.deepEqual([errors, warnings], [[], []]);
  });

  it("tells all problems of shape and of meaning at once, each once", () => {
    const content = {
      rules: [
        { name: "rest", query: "*", assignee: "ada lovelace" },
        { name: "rest", query: "team:(a", assigne: "ada" },
        "team:b",
      ],
      maxChanges: "5",
    };
    assert.deepEqual(said(content), [
      'rules[1].assigne: unknown key "assigne"; did you mean "assignee"?',
      'rules[0].assignee: "ada lovelace" is not an owner: the UUID, e-mail or handle of a Datadog user is needed, without spaces',
      'rules[2]: "team:b" is wrong: a rule is needed, with name, query and assignee',
      'maxChanges: "5" is wrong: a whole number of findings is needed, 0 or more',
      'rules[1].name: duplicate rule name "rest": rule 1 has it already; name each rule once',
      "rules[1].query: the query is wrong at column 6: this ( is never closed",
      'rules[1]: rule "rest" can never match: rule 1 "rest" before it matches everything; move "rest" to the end',
    ]);
    assert.equal(checkOwnership(content, { day: DAY }).declaration, undefined);
  });

  it("says that a program which declares nothing declares no rules", () => {
    for (const content of [undefined, null, 5, []]) assert.equal(said(content).length, 1, String(content));
    assert.match(said({})[0] ?? "", /^rules: "rules" is missing/);
  });
});
