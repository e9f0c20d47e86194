import assert from "node:assert/strict";
import type { OwnershipDeclaration } from "../../../../provider/rules/declaration";
import { type LintOptions, lintOwnership } from "../../../../provider/rules/lintOwnership";

const DAY = "2026-11-26";

function lint(declared: OwnershipDeclaration, options: Partial<LintOptions> = {}): string[] {
  return lintOwnership(declared, { day: DAY, ...options }).map(
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
    assert.deepEqual(lint({ rules: [rule("a", "(team:a) b"), rule("b", "(team:a) OR (b)"), rest] }), []);
  });

  const hidden = (first: string, second: string, scope?: string) =>
    lintOwnership({ rules: [rule("a", first), rule("b", second), rest], scope }, { day: DAY })
      .filter(({ code }) => code === "unreachable")
      .map(({ severity, path, message }) => `${severity} ${path.join(".")}: ${message}`);

  it("a rule whose findings are proven to match a rule before it, however that is written", () => {
    const narrower = [
      ["team:*", "team:a"],
      ["team:a  AND @s:b", "team:a @s:b"],
      ["team:a @s:b", "@s:b (team:a)"],
      ["@severity:(critical OR high)", "@severity:critical team:a"],
      ["-@status:muted", "@status:open"],
    ] as const;
    for (const [first, second] of narrower) {
      assert.deepEqual(hidden(first, second), [
        'error rules.1: rule "b" can never match: rule 1 "a" before it matches all that it matches; ' +
          'move "b" before "a", or take it out',
      ]);
    }
    const others = [
      ["team:a", "team:*"],
      ["team:a", "team:b"],
      ["team:a @s:b", "team:a"],
      ["free text", "text"],
      ["@finding_id:a team:a", "team:b"],
    ] as const;
    for (const [first, second] of others) assert.deepEqual(hidden(first, second), []);
  });

  it("a rule that matches all of the scope leaves nothing for those behind it, and is a fallback", () => {
    assert.deepEqual(hidden("@status:open", "team:a", "@status:open"), [
      'error rules.1: rule "b" can never match: rule 1 "a" before it matches everything in scope; move "a" to the end',
    ]);
    assert.deepEqual(hidden("@status:open team:a", "team:a", "@status:open").length, 1);
    assert.deepEqual(hidden("@status:open", "team:a", "@status:(open OR muted)"), []);
    assert.deepEqual(lint({ rules: [rule("all", "@status:open")], scope: "@status:open env:prod" }), []);
    assert.deepEqual(lint({ rules: [rule("a", "team:a"), rule("b", "-team:a")] }), []);
  });

  it("a rule that contradicts the scope, or itself, finds nothing", () => {
    assert.deepEqual(hidden("@status:muted", "team:a", "@status:open"), [
      'warning rules.0.query: rule "a" can never match: no finding in scope matches @status:muted',
    ]);
    assert.deepEqual(hidden("@severity:low @severity:high", "team:a -team:a"), [
      'warning rules.0.query: rule "a" can never match: no finding matches @severity:low @severity:high',
      'warning rules.1.query: rule "b" can never match: no finding matches team:a -team:a',
    ]);
  });

  it("a fallback behind rules that leave nothing may stay, for the day when one of them changes", () => {
    assert.deepEqual(lint({ rules: [rule("a", "team:*"), rule("b", "-team:*"), rest] }), []);
    assert.deepEqual(lint({ rules: [rule("a", "@status:open"), rest], scope: "@status:open" }), []);
  });

  it("gives up in time where a proof would take too long", () => {
    const pairs = Array.from({ length: 40 }, (_, index) => `(a:${index} OR b:${index})`).join(" ");
    const never = Array.from({ length: 40 }, (_, index) => `(-a:${index} OR -b:${index})`).join(" ");
    const rules = Array.from({ length: 30 }, (_, index) => rule(`r${index}`, `${pairs} ${never} x:${index}`));
    assert.deepEqual(lint({ rules: [...rules, rest] }), []);
  });

  it("a rule that no finding matches may be one that was switched off", () => {
    assert.deepEqual(lint({ rules: [rule("a", "-*"), rule("b", "team:b -*"), rest] }), [
      "warning unreachable rules.0.query",
      "warning unreachable rules.1.query",
    ]);
  });

  it("no rules, and no fallback", () => {
    assert.deepEqual(lint({ rules: [] }), ["error emptyRules rules"]);
    assert.deepEqual(lint({ rules: [rule("a", "team:a")] }), ["warning noFallback rules"]);
    const rules = [rule("a", "@severity:critical team:a"), rule("b", "@severity:critical team:b")];
    const scope = "@status:open @severity:critical team:(a OR b)";
    assert.deepEqual(lint({ rules }), ["warning noFallback rules"]);
    assert.deepEqual(lint({ scope, rules }), []);
  });

  it("a query that is wrong, in a rule or in the scope, and where in it", () => {
    assert.deepEqual(lint({ rules: [rule("a", "team:a (b"), rule("b", ""), rest], scope: "a OR" }), [
      "error querySyntax scope+2",
      "error querySyntax rules.0.query+7",
      "error querySyntax rules.1.query+0",
    ]);
  });

  it("a query or scope that asks who owns a finding: it would not find again what the rules assign", () => {
    const queries = [
      "-@workflow.triage.assignee.id:*",
      "team:a @workflow.triage.assignee.name:(Ada OR Ben)",
      "team:b @workflow.triage.assignee.updated_at:>1700000000000",
      'team:c "@workflow.triage.assignee.id:x" workflow.triage.assignee.id:x',
    ];
    const scope = "@status:open (team:a OR NOT @workflow.triage.assignee.id:x)";
    const rules = queries.map((query, index) => rule(`r${index}`, query));
    const errors = lint({ rules: [...rules, rest], scope }).filter((text) => text.startsWith("error"));
    assert.deepEqual(errors, [
      "error asksForOwner scope+28",
      "error asksForOwner rules.0.query+1",
      "error asksForOwner rules.1.query+7",
      "error asksForOwner rules.2.query+7",
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

  it("a rule that ends within two weeks, or has ended, unless it is switched off", () => {
    const said = (until: string, more: object = {}) =>
      lintOwnership({ rules: [{ ...rule("a", "team:a"), until }, rest], ...more }, { day: DAY }).map(
        ({ severity, path, message }) => `${severity} ${path.join(".")} ${message}`,
      );
    const ends = (until: string, when: string) =>
      `warning rules.0.until rule "a" ends on ${until}, ${when}: then it counts as taken out, and its findings stay with ` +
      "their owner, unless releaseRemoved is true";
    assert.deepEqual(said("2026-12-11"), []);
    assert.deepEqual(said("2026-12-10"), [ends("2026-12-10", "in 14 days")]);
    assert.deepEqual(said("2026-11-27"), [ends("2026-11-27", "in 1 day")]);
    assert.deepEqual(said("2026-11-26"), [ends("2026-11-26", "today")]);
    assert.match(said("2026-11-27", { releaseRemoved: true })[0] ?? "", /and its findings are released$/);
    assert.deepEqual(said("2026-11-25"), [
      'warning rules.0.until rule "a" ended on 2026-11-25 and counts as taken out: take it out, or set a later day',
    ]);
    assert.deepEqual(lint({ rules: [{ ...rule("a", "team:a"), until: DAY, enabled: false }, rest] }), []);
  });

  it("rules that are switched off or have ended are in nobody's way, and no fallback", () => {
    const off = { ...rule("off", "*"), enabled: false };
    const over = { ...rule("over", "*"), until: "2026-01-01" };
    assert.deepEqual(lint({ rules: [off, over, rule("a", "team:a"), rest] }), [
      "warning ended rules.1.until",
    ]);
    assert.deepEqual(lint({ rules: [rule("a", "team:a"), off] }), ["warning noFallback rules"]);
    assert.deepEqual(lint({ rules: [off] }), ["warning noneInForce rules"]);
    assert.deepEqual(lint({ rules: [off, rest, rule("a", "team:a")] }), ["error unreachable rules.2"]);
    assert.deepEqual(lint({ rules: [{ ...rule("a", "team:("), enabled: false }, rule("a", "*")] }), [
      "error querySyntax rules.0.query+5",
      "error duplicateName rules.1.name",
    ]);
  });

  it("types of findings count as the query that they make", () => {
    const secrets = { name: "secrets", findingTypes: ["secret"] as const, assignee: "ada@example.com" };
    const critical = { ...secrets, name: "critical", query: "@severity:critical" };
    assert.deepEqual(lint({ rules: [critical, secrets, rest] }), []);
    assert.deepEqual(lint({ rules: [secrets, critical, rest] }), ["error unreachable rules.1"]);
    assert.deepEqual(lint({ rules: [secrets, rest], scope: "@finding_type:misconfiguration" }), [
      "warning unreachable rules.0.query",
    ]);
  });

  it("says where a rule stands as it is told to", () => {
    const [problem] = lintOwnership(
      { rules: [rest, rule("a", "team:a")] },
      { day: DAY, rulePlace: (index) => `web.yaml:${index + 2}` },
    );
    assert.match(
      problem?.message ?? "",
      /^rule "a" can never match: web\.yaml:2 "rest" before it matches everything/,
    );
  });

  it("a bound that is no number of findings", () => {
    for (const maxChanges of [-1, 1.5, Number.NaN]) {
      assert.deepEqual(lint({ rules: [rest], maxChanges }), ["error bound maxChanges"]);
    }
  });
});
