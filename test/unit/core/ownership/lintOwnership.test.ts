import assert from "node:assert/strict";
import { type LintOptions, lintOwnership } from "../../../../provider/core/ownership/lintOwnership";
import { type OwnershipDeclaration, ownershipSpec } from "../../../../provider/core/ownership/rule";

function lint(declared: OwnershipDeclaration, options?: LintOptions): string[] {
  return lintOwnership(ownershipSpec(declared), options).map(
    ({ code, severity, path, offset }) =>
      `${severity} ${code} ${path.join(".")}${offset === undefined ? "" : `+${offset}`}`,
  );
}

function rule(name: string, query: string, assignee = "ada@example.com") {
  return { name, query, assignee };
}

const rest = rule("rest", "*");

describe("lintOwnership", () => {
  it("finds nothing wrong with rules that end with a fallback", () => {
    assert.deepEqual(lint({ rules: [rule("a", "team:a"), rest], scope: "@status:open", maxChanges: 5 }), []);
    assert.deepEqual(lint({ rules: [rest], scope: "" }), []);
  });

  it("a name twice", () => {
    assert.deepEqual(lint({ rules: [rule("a", "team:a"), rule("a", "team:b"), rest] }), [
      "error duplicateName rules.1.name",
    ]);
  });

  it("a rule that can never match, behind a catch-all or behind its own query", () => {
    assert.deepEqual(lint({ rules: [rule("all", "team:a OR *"), rule("a", "team:a")] }), [
      "error unreachable rules.1",
    ]);
    assert.deepEqual(lint({ rules: [rule("a", "team:a "), rule("b", "team:a"), rest] }), [
      "error unreachable rules.1",
    ]);
  });

  it("parentheses around the whole make no other query", () => {
    assert.deepEqual(lint({ rules: [rule("a", "((team:a OR b))"), rule("b", "team:a OR b"), rest] }), [
      "error unreachable rules.1",
    ]);
    assert.deepEqual(lint({ rules: [rule("a", "(team:a) b"), rule("b", "team:a b"), rest] }), []);
  });

  it("a rule that no finding matches may be one that was switched off", () => {
    assert.deepEqual(lint({ rules: [rule("a", "-*"), rule("b", "team:b -*"), rest] }), [
      "warning unreachable rules.0.query",
      "warning unreachable rules.1.query",
    ]);
  });

  it("no rules, and no fallback", () => {
    assert.deepEqual(lint({ rules: [] }), ["error emptyRules rules"]);
    assert.deepEqual(lint({ rules: [rule("a", "team:a")] }), ["warning noFallback rules.0"]);
  });

  it("a query that is wrong, in a rule or in the scope, and where in it", () => {
    assert.deepEqual(lint({ rules: [rule("a", "team:a (b"), rule("b", ""), rest], scope: "a OR" }), [
      "error querySyntax scope+2",
      "error querySyntax rules.0.query+7",
      "error querySyntax rules.1.query+0",
    ]);
  });

  it("an operator in lower case, unless it is quoted", () => {
    assert.deepEqual(lint({ rules: [rule("a", 'team:a or "b or c"'), rule("b", '"b or c" \\or d'), rest] }), [
      "warning lowerCaseOperator rules.0.query+7",
    ]);
    assert.deepEqual(lint({ rules: [rule("a", "team:(a and b)"), rest] }), [
      "warning lowerCaseOperator rules.0.query+8",
    ]);
  });

  it("an owner that nobody can be; a handle only where handles are taken", () => {
    assert.deepEqual(lint({ rules: [rule("a", "team:a", "ada lovelace"), rule("b", "*", "")] }), [
      "error owner rules.0.assignee",
      "error owner rules.1.assignee",
    ]);
    assert.deepEqual(lint({ rules: [rule("a", "*", "ada")] }), []);
    assert.deepEqual(lint({ rules: [rule("a", "*", "ada")] }, { handles: false }), [
      "error owner rules.0.assignee",
    ]);
  });

  it("a bound that is no number of findings", () => {
    for (const maxChanges of [-1, 1.5, Number.NaN]) {
      assert.deepEqual(lint({ rules: [rest], maxChanges }), ["error maxChanges maxChanges"]);
    }
  });
});
